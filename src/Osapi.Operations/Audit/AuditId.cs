using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Audit;

/// <summary>The id of an audit entry: a UUID of version 8 (RFC 9562), made of the controller's chain and the number of the entry.</summary>
[JsonConverter(typeof(TextConverter<AuditId>))]
public sealed record AuditId : IStringValue<AuditId>
{
    private const int ChainBytes = 6;
    private const byte Version8 = 0x80;
    private const byte Variant = 0x80;

    private AuditId(string value) => Value = value;

    /// <summary>The UUID, in lower case.</summary>
    public string Value { get; }

    static TextRule IStringValue<AuditId>.Rule { get; } = new("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "an audit id (a UUID)") { Format = "uuid" };

    static AuditId IStringValue<AuditId>.Create(string value) => new(value.ToLowerInvariant());

    /// <summary>Converts a text to an id.</summary>
    /// <exception cref="FormatException">The text is not a UUID with hyphens.</exception>
    public static implicit operator AuditId(string text) => Text.Parse<AuditId>(text);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Creates the id of an entry.</summary>
    /// <param name="chain">The chain: 12 hexadecimal digits.</param>
    /// <param name="number">The number of the entry, up to 2^56.</param>
    internal static AuditId Of(string chain, long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        Convert.FromHexString(chain.AsSpan(), bytes, out _, out _);
        (bytes[ChainBytes], bytes[8]) = (Version8, Variant);
        return new(new Guid(bytes, bigEndian: true).ToString("D"));
    }

    /// <summary>Gets the chain and the number of the entry; false for a UUID that no entry has.</summary>
    internal bool TryGetPlace([NotNullWhen(true)] out string? chain, out long number)
    {
        var bytes = Guid.ParseExact(Value, "D").ToByteArray(bigEndian: true);
        chain = Convert.ToHexStringLower(bytes.AsSpan(0, ChainBytes));
        number = long.Parse(Convert.ToHexString(bytes.AsSpan(9)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return bytes[ChainBytes] == Version8 && bytes[7] == 0 && bytes[8] == Variant && number > 0;
    }
}
