using System.Diagnostics;

namespace Osapi.Plans.Expressions;

/// <summary>The steps that are left to an evaluation.</summary>
internal sealed class Budget
{
    // Characters that are copied, and characters that are looked at, in a step.
    private const int Copied = 64;
    private const int Seen = 1024;

    // Steps do not bound a regular expression well: its time depends on it and on the text.
    private static readonly TimeSpan MaxMatchTime = TimeSpan.FromSeconds(1);

    private long steps = ExpressionBounds.MaxSteps;
    private TimeSpan matchTime = MaxMatchTime;

    public void Charge(long count)
    {
        if ((steps -= count) < 0)
            throw new ValueException($"the evaluation takes more than {ExpressionBounds.MaxSteps} steps") { IsLimit = true };
    }

    public void ChargeCopy(long characters) => Charge(characters / Copied);

    public void ChargeLook(long characters) => Charge(characters / Seen);

    /// <summary>Checks the size of a new value, and charges for it.</summary>
    public void ChargeNew(long size)
    {
        if (size > ExpressionBounds.MaxSize)
            throw new ValueException($"the value is larger than {ExpressionBounds.MaxSize} characters and elements") { IsLimit = true };
        ChargeCopy(size);
    }

    /// <summary>Runs a match, and charges for its time.</summary>
    public bool Match(Func<bool> match)
    {
        var start = Stopwatch.GetTimestamp();
        var matches = match();
        if ((matchTime -= Stopwatch.GetElapsedTime(start)) < TimeSpan.Zero)
            throw new ValueException("the regular expressions take too long") { IsLimit = true };
        return matches;
    }
}
