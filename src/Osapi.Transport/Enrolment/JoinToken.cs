using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Osapi.Operations.Agents;
using Osapi.Operations.Json;

namespace Osapi.Transport.Enrolment;

/// <summary>A join token, <c>id.secret.fingerprint</c>: it proves an agent to the controllers, and the controllers to the agent.</summary>
/// <remarks>The id holds the constraints. The secret never leaves the host: the agent sends a tag that it computes with it.</remarks>
public sealed class JoinToken : IParsable<JoinToken>
{
    /// <summary>The maximum length of the text form.</summary>
    public const int MaxLength = JoinGrant.MaxLength + 256;

    private const int SecretSize = 32;

    private readonly byte[] secret;

    internal JoinToken(string id, byte[] secret, string controllersFingerprint)
    {
        Id = id;
        this.secret = secret;
        ControllersFingerprint = controllersFingerprint;
    }

    /// <summary>The id with the constraints.</summary>
    public string Id { get; }

    /// <summary>The fingerprint of the controllers' key.</summary>
    public string ControllersFingerprint { get; }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is not a join token.</exception>
    public static JoinToken Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var token) ? token : throw new FormatException("The text is not a join token, or a part of it is missing.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out JoinToken result)
    {
        result = s is { Length: <= MaxLength } && s.Split('.') is [var id, var secret, var fingerprint]
            && JoinGrant.TryDecode(id, out _) && secret.Length == Base64Url.GetEncodedLength(SecretSize) && Base64Url.IsValid(secret, out var size) && size == SecretSize
            && Text.TryParse<KeyFingerprint>(fingerprint) is not null
                ? new(id, Base64Url.DecodeFromChars(secret), fingerprint)
                : null;
        return result is not null;
    }

    /// <summary>Gets the text that <see cref="Parse"/> reads. It is a secret.</summary>
    public string Format() => $"{Id}.{Base64Url.EncodeToString(secret)}.{ControllersFingerprint}";

    /// <summary>Returns a text without the secret.</summary>
    public override string ToString() => "***";

    /// <summary>Computes the tag of a request.</summary>
    internal byte[] TagOf(ReadOnlySpan<byte> request) => HMACSHA256.HashData(secret, (byte[])[.. "osapi enrolment request 1\0"u8, .. request]);
}
