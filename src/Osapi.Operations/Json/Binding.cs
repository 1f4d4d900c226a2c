namespace Osapi.Operations.Json;

/// <summary>A request that was read: its value, or everything that is wrong with it.</summary>
/// <param name="Value">A value of the request's type; null when there are problems.</param>
/// <param name="Problems">All problems; empty when there is a value.</param>
public sealed record Binding(object? Value, IReadOnlyList<Problem> Problems)
{
    /// <summary>All problems in one line.</summary>
    public string Text => string.Join("; ", Problems);
}
