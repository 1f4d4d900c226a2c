namespace Osapi.Plans.Expressions;

/// <summary>The failure of an evaluation: a missing key, a division by zero, a bound.</summary>
internal sealed class ExpressionException(int offset, int length, string message) : Exception(message)
{
    /// <summary>Gets the position in the text, in UTF-16 units from 0.</summary>
    public int Offset { get; } = offset;

    /// <summary>Gets the length of the place in the text.</summary>
    public int Length { get; } = length;

    /// <summary>Gets a value that says whether a bound was reached. The other side of <c>&amp;&amp;</c> or <c>||</c> does not make up for that.</summary>
    public bool IsLimit { get; init; }
}

/// <summary>The failure of a single operation or read, before its position is known.</summary>
internal sealed class ValueException(string message) : Exception(message)
{
    public bool IsLimit { get; init; }
}
