using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;

namespace Osapi.Transport.Jobs;

/// <summary>Parses messages that anybody may have written: each way to be none is a reason, and never an exception.</summary>
internal static class MessageJson
{
    private const int MaxExcerpt = 40;
    private const int MaxIdLength = 256;

    /// <summary>Parses a message; null, with the reason, when it does not read as one.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="info">What it is parsed as.</param>
    /// <param name="reason">Why it is none.</param>
    /// <param name="refuse">Gives the reason to refuse the object before it is parsed further.</param>
    public static T? Parse<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> info, out string? reason, Func<JsonElement, string?>? refuse = null)
        where T : class
    {
        if (JsonConventions.ParseObject(bytes.Span) is not { } element)
        {
            reason = bytes.IsEmpty ? "it is empty" : "it is no JSON object";
            return null;
        }

        reason = refuse?.Invoke(element);
        if (reason is not null)
            return null;
        try
        {
            return element.Deserialize(info);
        }
        catch (JsonException exception)
        {
            // Not the exception's own words: they repeat names that the sender chose.
            reason = $"a member is missing or of another type, at byte {exception.BytePositionInLine ?? 0}";
            return null;
        }
    }

    /// <summary>Names a kind that this version does not know; null for one that it knows, and for an object without one.</summary>
    public static string? UnknownKind<T>(JsonElement message)
        where T : struct, Enum =>
        JsonConventions.Text(message, "kind") is { } kind && SnakeCaseName.Parse<T>(kind) is null ? $"this version does not know the kind {Excerpt(kind)}" : null;

    /// <summary>True for the id of a ledger or of a run.</summary>
    public static bool IsId(string? id) => id is { Length: > 0 and <= MaxIdLength };

    // What another wrote may hold anything, and this goes into log lines.
    private static string Excerpt(string kind) =>
        kind.Length <= MaxExcerpt && kind.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') ? $"'{kind}'" : $"of {kind.Length} characters";
}
