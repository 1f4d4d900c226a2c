using System.Text.Json.Serialization;

namespace Osapi.Transport.Jobs;

/// <summary>
/// The description of an object for a host: what it must find, and the key with which it opens it. A command has one for each stored file that
/// its request can name, and one for a request that is too large for a message.
/// </summary>
public sealed record FileReference
{
    internal const int KeySize = 32;

    private const int MaxNameLength = 1024;
    private const int DigestLength = 64;

    /// <summary>The name of the file.</summary>
    public required string Name { get; init; }

    /// <summary>The size of the content in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The SHA-256 of the content, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The key of the content; null when it is not sealed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Key { get; init; }

    /// <summary>The metadata, which only controllers keep; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Metadata { get; init; }

    /// <summary>False for what no correct writer produces.</summary>
    [JsonIgnore]
    internal bool IsValid =>
        IsName(Name) && Size >= 0 && Sha256.Length == DigestLength && Sha256.All(char.IsAsciiHexDigitLower) && Key is null or { Length: KeySize };

    /// <summary>False for what cannot be the name of an object.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength;

    /// <summary>Parses a description of a file, whose seal was opened; null for what no correct writer produces.</summary>
    internal static FileReference? TryParse(ReadOnlyMemory<byte> bytes) => MessageJson.Parse(bytes, JobJson.Default.FileReference, out _) is { IsValid: true } reference ? reference : null;
}
