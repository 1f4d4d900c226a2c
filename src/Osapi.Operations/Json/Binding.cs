namespace Osapi.Operations.Json;

/// <summary>The result of reading a request: its value, or all problems.</summary>
/// <param name="Value">The request, of the operation's request type; null when there are problems.</param>
/// <param name="Problems">The problems; empty when there is a value.</param>
internal sealed record Binding(object? Value, IReadOnlyList<Problem> Problems)
{
    /// <summary>All problems in one line.</summary>
    public string Text => string.Join("; ", Problems);
}
