namespace Osapi.Plans.Expressions;

/// <summary>The steps that are left to an evaluation.</summary>
internal sealed class Budget
{
    // Characters that are copied, and characters that are looked at, in a step.
    private const int Copied = 64;
    private const int Seen = 1024;

    private long steps = ExpressionBounds.MaxSteps;

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
}
