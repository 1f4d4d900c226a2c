using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Osapi.Orchestrator;

/// <summary>The reaction of a plan to a failed task.</summary>
public abstract class ErrorStrategy : IParsable<ErrorStrategy>
{
    private protected ErrorStrategy()
    {
    }

    /// <summary>Cancels what runs and starts nothing more, except recovery tasks. The default.</summary>
    public static ErrorStrategy StopAll { get; } = new Plain("stop_all");

    /// <summary>Goes on with every task that does not depend on the failed one.</summary>
    public static ErrorStrategy Continue { get; } = new Plain("continue");

    /// <summary>The number of times that a failed task is started again.</summary>
    public virtual int RetryCount => 0;

    /// <summary>Starts a failed task again at once, up to <paramref name="count"/> times.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static RetryStrategy Retry(int count) => Retry(count, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>
    /// Starts a failed task again, up to <paramref name="count"/> times, after <paramref name="initial"/>, twice that, and so on,
    /// never more than <paramref name="max"/>. Each wait is shortened at random by up to a fifth, so that tasks that failed
    /// together do not return together.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count or a wait is negative, or <paramref name="max"/> is less than <paramref name="initial"/>.
    /// </exception>
    public static RetryStrategy Retry(int count, TimeSpan initial, TimeSpan max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(initial, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, initial);
        return new(count, initial, max);
    }

    /// <summary>
    /// Parses what <see cref="object.ToString"/> writes: <c>stop_all</c>, <c>continue</c>, <c>retry(3)</c>,
    /// <c>retry(3).then(continue)</c>.
    /// </summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static ErrorStrategy Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var strategy) ? strategy : throw new FormatException($"'{s}' is no error strategy: stop_all, continue, retry(3), retry(3).then(stop_all) or retry(3).then(continue)");

    /// <summary>Parses what <see cref="object.ToString"/> writes; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ErrorStrategy result) =>
        (result = Find(s)) is not null;

    /// <summary>The strategy once no retry is left: stop or continue, or that of the fallback.</summary>
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
