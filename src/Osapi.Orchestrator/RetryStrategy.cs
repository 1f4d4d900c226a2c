using Osapi.Client;

namespace Osapi.Orchestrator;

/// <summary>How often a failed task is started again, and what is done when that did not help.</summary>
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

    /// <summary>The wait before the first retry.</summary>
    public TimeSpan Initial { get; }

    /// <summary>The longest wait.</summary>
    public TimeSpan Max { get; }

    internal Func<Exception, bool>? Predicate { get; }

    /// <summary>
    /// Retries only what the predicate accepts. Without it everything is retried but a wrong request, a missing permission
    /// and a thing that does not exist, which trying again does not cure.
    /// </summary>
    public RetryStrategy When(Func<Exception, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new(RetryCount, Initial, Max, predicate, then);
    }

    /// <summary>What happens when the last retry failed; without it the plan's own strategy holds.</summary>
    /// <exception cref="ArgumentException">The strategy retries once more.</exception>
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
        Predicate?.Invoke(error) ?? error is not (ValidationException or AuthException or NotFoundException);
}
