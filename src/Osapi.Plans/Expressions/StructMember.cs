namespace Osapi.Plans.Expressions;

/// <summary>A member of an object that expressions read.</summary>
/// <param name="Type">The type of its value.</param>
internal sealed record StructMember(ValueType Type)
{
    /// <summary>Gets the reason that the member cannot be read here, as a sentence for the author; null when it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>Gets the value of a member that is left out of the JSON, such as false for a flag; null when it is null or always there.</summary>
    public object? Default { get; init; }

    /// <summary>Gets a value that says whether the value differs by host.</summary>
    public bool LooksAtHost { get; init; }
}
