using System.Diagnostics.CodeAnalysis;

namespace Osapi.Transport.Trust;

/// <summary>The public key of an agent: a point of the curve P-256. The roster holds it for each enrolled host.</summary>
public sealed class AgentPublicKey : IParsable<AgentPublicKey>, IEquatable<AgentPublicKey>
{
    private const byte Version = 1;
    private const int Size = 1 + CurvePoint.Size;

    private readonly byte[] bytes;

    private AgentPublicKey(byte[] bytes)
    {
        this.bytes = bytes;
        Fingerprint = PublicKeyText.Fingerprint(bytes);
    }

    /// <summary>The fingerprint, which operators compare: <c>SHA256:</c> and 43 characters.</summary>
    public string Fingerprint { get; }

    internal ReadOnlySpan<byte> Bytes => bytes;

    internal ReadOnlySpan<byte> Point => bytes.AsSpan(1);

    internal static AgentPublicKey Of(ReadOnlySpan<byte> point) => new([Version, .. point]);

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is not a key.</exception>
    public static AgentPublicKey Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var key) ? key : throw new FormatException("The text is not the public key of an agent.");

    /// <summary>Parses a key, which anybody may have written; false unless it is a point of the curve.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [NotNullWhen(true)] out AgentPublicKey? result)
    {
        result = PublicKeyText.TryParse(s, Size) is [Version, ..] bytes && CurvePoint.IsValid(bytes.AsSpan(1)) ? new(bytes) : null;
        return result is not null;
    }

    /// <summary>Gets the text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => PublicKeyText.Format(bytes);

    /// <inheritdoc/>
    public bool Equals(AgentPublicKey? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AgentPublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);
}
