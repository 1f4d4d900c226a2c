namespace Osapi.Operations.Json;

/// <summary>The result of reading a request: its value, or all problems.</summary>
/// <param name="Value">The request, of the operation's request type; null when there are problems.</param>
/// <param name="Problems">The problems; empty when there is a value.</param>
internal sealed record Binding(object? Value, IReadOnlyList<Problem> Problems)
{
    /// <summary>
    /// The request as JSON: the bytes as they came, or the request written anew when it came in another form of the same, such as
    /// <c>1.0</c> for 1. Empty when there are problems.
    /// </summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>All problems in one line.</summary>
    public string Text => string.Join("; ", Problems);
}
