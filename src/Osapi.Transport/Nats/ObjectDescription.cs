using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Transport.Nats;

/// <summary>What stands of an object beside its content, in the form that every NATS client knows.</summary>
internal sealed record ObjectDescription
{
    private const string Sha256Of = "SHA-256=";

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The text that our callers keep beside an object.</summary>
    [JsonPropertyName("description")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    [JsonPropertyName("bucket")]
    public required string Bucket { get; init; }

    /// <summary>The last token of the content's subject.</summary>
    [JsonPropertyName("nuid")]
    public required string Id { get; init; }

    [JsonPropertyName("size")]
    public required long Size { get; init; }

    [JsonPropertyName("mtime")]
    public required DateTimeOffset Modified { get; init; }

    [JsonPropertyName("chunks")]
    public required int Chunks { get; init; }

    /// <summary><c>SHA-256=</c> and the hash in the base64 of URLs.</summary>
    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    [JsonPropertyName("deleted")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Deleted { get; init; }

    public static string DigestOf(ReadOnlySpan<byte> sha256) => Sha256Of + Base64(sha256);

    /// <summary>A name as one token of a subject.</summary>
    public static string TokenOf(string name) => Base64(Encoding.UTF8.GetBytes(name));

    /// <summary>Reads a description, which any writer of the bucket may have written; null for one that nobody understands.</summary>
    public static ObjectDescription? TryRead(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, ObjectJson.Default.ObjectDescription) is { } description && description.IsWhole() ? description : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The id becomes part of a subject. A removed object's description has neither content nor digest.
    private bool IsWhole() => Name is { Length: > 0 }
        && (Deleted || (Id is { Length: > 0 } && Id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
            && Size >= 0 && Chunks >= 0 && Digest is not null && Digest.StartsWith(Sha256Of, StringComparison.Ordinal) && IsHash(Digest.AsSpan(Sha256Of.Length))));

    private static bool IsHash(ReadOnlySpan<char> base64) => Base64Url.IsValid(base64, out var length) && length == SHA256.HashSizeInBytes;

    public ObjectInfo Info(DateTimeOffset stored) => new(Name, Size, Convert.ToHexStringLower(Base64Url.DecodeFromChars(Digest.AsSpan(Sha256Of.Length))), stored, Description);

    // Other clients pad.
    private static string Base64(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
}

[JsonSerializable(typeof(ObjectDescription))]
internal sealed partial class ObjectJson : JsonSerializerContext;
