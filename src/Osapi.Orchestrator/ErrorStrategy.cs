using System.Globalization;

namespace Osapi.Orchestrator;

/// <summary>The action that follows when a task fails.</summary>
public abstract class ErrorStrategy
{
    private protected ErrorStrategy()
    {
    }

    /// <summary>Cancels running tasks and starts no more, except recovery tasks. This is the default.</summary>
    public static ErrorStrategy StopAll { get; } = new Plain("stop_all");

    /// <summary>Continues with every task that does not depend on the failed one.</summary>
    public static ErrorStrategy Continue { get; } = new Plain("continue");

    /// <summary>The maximum number of retries.</summary>
    public virtual int RetryCount => 0;

    /// <summary>Retries a failed task at once, up to <paramref name="count"/> times.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static RetryStrategy Retry(int count) => Retry(count, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>
    /// Retries a failed task up to <paramref name="count"/> times, after <paramref name="initial"/>, twice that, and so on, at most
    /// <paramref name="max"/>. Each delay is shortened at random by up to a fifth, so that tasks that failed together do not retry
    /// together.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count or a delay is negative, or <paramref name="max"/> is less than <paramref name="initial"/>.
    /// </exception>
    public static RetryStrategy Retry(int count, TimeSpan initial, TimeSpan max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(initial, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, initial);
        return new(count, initial, max);
    }

    /// <summary>
    /// Parses the text that <see cref="object.ToString"/> returns: <c>stop_all</c>, <c>continue</c>, <c>retry(3)</c>,
    /// <c>retry(3).then(continue)</c>; null for anything else.
    /// </summary>
    public static ErrorStrategy? Read(string? text)
    {
        if (text == StopAll.ToString())
            return StopAll;
        if (text == Continue.ToString())
            return Continue;
        if (text is null || !text.StartsWith("retry(", StringComparison.Ordinal) || text.IndexOf(')', StringComparison.Ordinal) is not (> 0 and var end))
            return null;
        return int.TryParse(text.AsSpan(6..end), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? text[(end + 1)..] switch
            {
                "" => Retry(count),
                ".then(stop_all)" => Retry(count).Then(StopAll),
                ".then(continue)" => Retry(count).Then(Continue),
                _ => null,
            }
            : null;
    }

    /// <summary>Returns the strategy once no retry is left: stop or continue, or the fallback's.</summary>
    internal abstract ErrorStrategy After(ErrorStrategy fallback);

    private sealed class Plain(string text) : ErrorStrategy
    {
        public override string ToString() => text;

        internal override ErrorStrategy After(ErrorStrategy fallback) => this;
    }
}
