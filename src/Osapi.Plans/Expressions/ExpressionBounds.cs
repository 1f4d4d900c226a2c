namespace Osapi.Plans.Expressions;

/// <summary>The bounds of an expression. Reaching one of them is an error.</summary>
internal static class ExpressionBounds
{
    /// <summary>Characters of an expression.</summary>
    public const int MaxLength = 4096;

    /// <summary>Brackets and conditionals within each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>Operators, members and calls in a row; the height of the tree.</summary>
    public const int MaxHeight = 256;

    /// <summary>Steps of an evaluation.</summary>
    public const int MaxSteps = 100_000;

    /// <summary>The size of a value: characters of its texts and names, and one for each element.</summary>
    public const int MaxSize = 1 << 20;

    /// <summary>Characters of a regular expression.</summary>
    public const int MaxPattern = 1000;
}
