using Osapi.Client;

namespace Osapi.Orchestrator;

/// <summary>A strategy that retries a failed task, and the action that follows when all retries failed.</summary>
public sealed class RetryStrategy : ErrorStrategy
{
    private readonly ErrorStrategy? then;

    internal RetryStrategy(int count, TimeSpan initial, TimeSpan max, Func<Exception, bool>? predicate = null, ErrorStrategy? then = null)
    {
        RetryCount = count;
        Initial = initial;
        Max = max;
        Predicate = predicate;
        this.then = then;
    }

    /// <inheritdoc/>
    public override int RetryCount { get; }

    /// <summary>The delay before the first retry.</summary>
    public TimeSpan Initial { get; }

    /// <summary>The maximum delay.</summary>
    public TimeSpan Max { get; }

    internal Func<Exception, bool>? Predicate { get; }

    /// <summary>
    /// Retries only errors that the predicate accepts. Without a predicate every error is retried except an invalid request, a
    /// missing permission, an object that does not exist, and a call that an older controller does not know, which a retry does not fix.
    /// </summary>
    public RetryStrategy When(Func<Exception, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new(RetryCount, Initial, Max, predicate, then);
    }

    /// <summary>Sets the strategy after the last retry has failed; default: the plan's own strategy.</summary>
    /// <exception cref="ArgumentException">The strategy is a retry strategy.</exception>
    public RetryStrategy Then(ErrorStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return strategy is RetryStrategy
            ? throw new ArgumentException("After the last retry a plan can only stop or continue.", nameof(strategy))
            : new(RetryCount, Initial, Max, Predicate, strategy);
    }

    /// <inheritdoc/>
    public override string ToString() => then is null ? $"retry({RetryCount})" : $"retry({RetryCount}).then({then})";

    internal override ErrorStrategy After(ErrorStrategy fallback) => then ?? fallback;

    internal bool Accepts(Exception error) =>
        Predicate?.Invoke(error) ?? error is not (ValidationException or AuthException or NotFoundException or UnexpectedStatusException { StatusCode: 405 });
}
