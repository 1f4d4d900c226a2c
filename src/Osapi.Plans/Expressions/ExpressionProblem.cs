namespace Osapi.Plans.Expressions;

/// <summary>A problem of an expression, found before the run.</summary>
/// <param name="Offset">The position in the text, in UTF-16 units from 0.</param>
/// <param name="Length">The length of the place in the text; 0 at the end of the text.</param>
/// <param name="Message">The message, one line without control characters.</param>
internal sealed record ExpressionProblem(int Offset, int Length, string Message)
{
    public override string ToString() => $"{Offset}+{Length}: {Message}";
}
