using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Osapi.Orchestrator;

/// <summary>The reaction of a plan to a failed task.</summary>
public abstract class ErrorStrategy : IParsable<ErrorStrategy>
{
    private protected ErrorStrategy()
    {
    }

    /// <summary>Cancels running tasks and starts no more tasks, except recovery tasks. The default.</summary>
    public static ErrorStrategy StopAll { get; } = new Plain("stop_all");

    /// <summary>Continues with every task that does not depend on the failed one.</summary>
    public static ErrorStrategy Continue { get; } = new Plain("continue");

    /// <summary>The maximum number of retries of a failed task.</summary>
    public virtual int RetryCount => 0;

    /// <summary>Retries a failed task without delay, up to <paramref name="count"/> times.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static RetryStrategy Retry(int count) => Retry(count, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>
    /// Retries a failed task up to <paramref name="count"/> times, with a delay of <paramref name="initial"/> that doubles after each retry,
    /// up to <paramref name="max"/>. Each delay is shortened at random by up to a fifth, so that tasks that failed together
    /// are not retried together.
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
    /// Parses the text form: <c>stop_all</c>, <c>continue</c>, <c>retry(3)</c>,
    /// <c>retry(3).then(continue)</c>.
    /// </summary>
    /// <exception cref="FormatException">The text is not an error strategy.</exception>
    public static ErrorStrategy Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var strategy) ? strategy : throw new FormatException($"'{s}' is not an error strategy: expected stop_all, continue, retry(3), retry(3).then(stop_all) or retry(3).then(continue)");

    /// <summary>Parses the text form; false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ErrorStrategy result) =>
        (result = Find(s)) is not null;

    /// <summary>The strategy after the last retry: stop or continue.</summary>
    internal abstract ErrorStrategy After(ErrorStrategy fallback);

    private static ErrorStrategy? Find(string? text)
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

    private sealed class Plain(string text) : ErrorStrategy
    {
        public override string ToString() => text;

        internal override ErrorStrategy After(ErrorStrategy fallback) => this;
    }
}
