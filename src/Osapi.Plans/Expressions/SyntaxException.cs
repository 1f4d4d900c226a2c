namespace Osapi.Plans.Expressions;

/// <summary>The first place in an expression that cannot be read.</summary>
internal sealed class SyntaxException(int offset, int length, string message) : Exception(message)
{
    public ExpressionProblem Problem { get; } = new(offset, length, message);
}
