using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>
/// The public key of a system's controllers, which agents pin: the system's id, and a point of the curve P-256 each for
/// signatures and for agreement.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "It has no secret, and is shared by all that trust it: the finalizer frees it.")]
public sealed class ControllerPublicKey : IParsable<ControllerPublicKey>, IEquatable<ControllerPublicKey>
{
    /// <summary>The size of a system's id in bytes.</summary>
    public const int SystemIdSize = 16;

    private const byte Version = 1;
    private const int SigningAt = 1 + SystemIdSize;
    private const int AgreementAt = SigningAt + CurvePoint.Size;
    private const int Size = AgreementAt + CurvePoint.Size;

    private readonly byte[] bytes;
    private readonly Lock gate = new();
    private ECDsa? verifying;

    private ControllerPublicKey(byte[] bytes)
    {
        this.bytes = bytes;
        Fingerprint = PublicKeyText.Fingerprint(bytes);
        Id = SHA256.HashData(bytes)[..EnvelopeFormat.KeyIdSize];
    }

    /// <summary>The fingerprint, which operators and join tokens name: <c>SHA256:</c> and 43 characters.</summary>
    public string Fingerprint { get; }

    /// <summary>The random id of the system. Everything that is authenticated is bound to it.</summary>
    public ReadOnlySpan<byte> SystemId => bytes.AsSpan(1, SystemIdSize);

    /// <summary>Names the key in envelopes.</summary>
    internal byte[] Id { get; }

    internal ReadOnlySpan<byte> Bytes => bytes;

    internal ReadOnlySpan<byte> AgreementPoint => bytes.AsSpan(AgreementAt);

    internal static ControllerPublicKey Of(ReadOnlySpan<byte> systemId, ReadOnlySpan<byte> signing, ReadOnlySpan<byte> agreement) =>
        new([Version, .. systemId, .. signing, .. agreement]);

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is not a key.</exception>
    public static ControllerPublicKey Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var key) ? key : throw new FormatException("The text is not the public key of controllers.");

    /// <summary>Parses a key, which anybody may have written; false unless both points are on the curve.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [NotNullWhen(true)] out ControllerPublicKey? result)
    {
        result = PublicKeyText.TryParse(s, Size) is [Version, ..] bytes && CurvePoint.IsValid(bytes.AsSpan(SigningAt)) && CurvePoint.IsValid(bytes.AsSpan(AgreementAt)) ? new(bytes) : null;
        return result is not null;
    }

    /// <summary>Checks a signature of the controllers over a SHA-256 digest.</summary>
    public bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        // The import of the point costs as much as a check. It has no secret: the finalizer frees it.
        lock (gate)
            return (verifying ??= ECDsa.Create(CurvePoint.Parameters(bytes.AsSpan(SigningAt)))).VerifyHash(digest, signature);
    }

    /// <summary>Gets the text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => PublicKeyText.Format(bytes);

    /// <inheritdoc/>
    public bool Equals(ControllerPublicKey? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ControllerPublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);
}
