using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;

namespace Osapi.Transport.Jobs;

/// <summary>Parses messages, which anybody may have written: invalid input gives a reason, never an exception.</summary>
internal static class MessageJson
{
    private const int MaxExcerpt = 40;
    private const int MaxIdLength = 256;

    /// <summary>Parses a message; null, with the reason, when it is invalid.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="info">The type to parse.</param>
    /// <param name="reason">The reason why it is invalid.</param>
    /// <param name="refuse">Returns the reason to refuse the object before it is parsed further; null to continue.</param>
    public static T? Parse<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> info, out string? reason, Func<JsonElement, string?>? refuse = null)
        where T : class
    {
        // Nearly every message is valid, and costs one pass.
        if (TryParse(bytes.Span, info) is { } whole)
        {
            reason = null;
            return whole;
        }

        if (JsonConventions.ParseObject(bytes.Span) is not { } element)
        {
            reason = bytes.IsEmpty ? "it is empty" : "it is not a JSON object";
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
            // Not the exception's message, which repeats names that the sender chose.
            reason = $"a member is missing or of another type, at byte {exception.BytePositionInLine ?? 0}";
            return null;
        }
    }

    private static T? TryParse<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> info)
        where T : class
    {
        // A type that ignores repeated members would take the last one.
        if (info.Options.AllowDuplicateProperties || !JsonText.IsUnicode(bytes))
            return null;
        try
        {
            return JsonSerializer.Deserialize(bytes, info);
        }
        // A duplicate member inside free-form JSON causes an ArgumentException.
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Gets the kind of a message if this version does not know it; otherwise null.</summary>
    public static string? UnknownKind<T>(JsonElement message)
        where T : struct, Enum =>
        JsonConventions.Text(message, "kind") is { } kind && SnakeCaseName.Parse<T>(kind) is null ? $"this version does not know the kind {Excerpt(kind)}" : null;

    /// <summary>Checks the id of a ledger or of a run.</summary>
    public static bool IsId(string? id) => id is { Length: > 0 and <= MaxIdLength };

    // The value comes from another process and goes into log lines, so it is shortened and escaped.
    private static string Excerpt(string kind) =>
        kind.Length <= MaxExcerpt && kind.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') ? $"'{kind}'" : $"of {kind.Length} characters";
}
