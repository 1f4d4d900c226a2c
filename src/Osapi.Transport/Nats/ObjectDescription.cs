using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Transport.Nats;

/// <summary>The description of an object, in the format of every NATS client.</summary>
internal sealed record ObjectDescription
{
    private const string Sha256Of = "SHA-256=";
    private const int MaxIdLength = 100;

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The metadata that our callers store with an object.</summary>
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

    /// <summary>The digest: <c>SHA-256=</c> and the hash in URL-safe base64.</summary>
    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    [JsonPropertyName("deleted")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Deleted { get; init; }

    public static string DigestOf(ReadOnlySpan<byte> sha256) => Sha256Of + Base64(sha256);

    /// <summary>Encodes a name as one token of a subject.</summary>
    public static string TokenOf(string name) => Base64(Encoding.UTF8.GetBytes(name));

    public ObjectInfo Info(DateTimeOffset stored) => new(Name, Size, Convert.ToHexStringLower(Base64Url.DecodeFromChars(Digest.AsSpan(Sha256Of.Length))), stored, Description);

    /// <summary>
    /// Parses a description, which anybody may have written; null for an invalid one, and for one that refers outside
    /// its bucket: its values become part of subjects and requests. The marker of a removed object is a description
    /// without content.
    /// </summary>
    /// <param name="bucket">The bucket in which it stands.</param>
    /// <param name="token">The last token of its subject.</param>
    /// <param name="json">The message.</param>
    public static ObjectDescription? TryParse(string bucket, string token, ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonConventions.ParseObject(json.Span) is { } element && element.Deserialize(ObjectJson.Default.ObjectDescription) is { } description
                && description.Bucket == bucket && description.Name.Length > 0 && TokenOf(description.Name) == token && (description.Deleted || description.HasContent())
                ? description
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool HasContent() =>
        Id.Length is > 0 and <= MaxIdLength && Id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') && Size >= 0 && Chunks >= 0 && IsDigest(Digest);

    private static bool IsDigest(string digest) =>
        digest.StartsWith(Sha256Of, StringComparison.Ordinal) && Base64Url.IsValid(digest.AsSpan(Sha256Of.Length), out var length) && length == SHA256.HashSizeInBytes;

    // Other clients add padding.
    private static string Base64(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ObjectDescription))]
internal sealed partial class ObjectJson : JsonSerializerContext;
