namespace Osapi.Plans.Expressions;

/// <summary>An overload of a function or a method.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsMethod">True when the first parameter stands before the dot.</param>
/// <param name="Parameters">The types of the parameters.</param>
/// <param name="Result">The type of the result.</param>
/// <param name="Apply">The function.</param>
internal sealed record Function(string Name, bool IsMethod, ValueType[] Parameters, ValueType Result, Func<object?[], Evaluation, object?> Apply)
{
    /// <summary>Gets how the function is written: <c>text.contains(text)</c>.</summary>
    public string Usage => IsMethod
        ? $"{Word(Parameters[0])}.{Name}({string.Join(", ", Parameters.Skip(1).Select(Word))})"
        : $"{Name}({string.Join(", ", Parameters.Select(Word))})";

    private static string Word(ValueType type) => type.Phrase.Split(' ', 2) is ["a" or "an", var noun] ? noun : type.Phrase;
}
