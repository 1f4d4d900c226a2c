using System.Globalization;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>An amount of memory: bytes, or with <c>k</c>, <c>m</c> or <c>g</c> units of 1024, as <c>256m</c>.</summary>
[JsonConverter(typeof(TextConverter<MemorySize>))]
public sealed record MemorySize : IStringValue<MemorySize>
{
    private MemorySize(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new("^[1-9][0-9]{0,14}[bkmgBKMG]?$", "an amount of memory such as 268435456, 512k, 256m or 2g");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The amount in bytes; on the host only, where no reference to a fact is left in it.</summary>
    public long Bytes => BytesOf(Value) ?? throw new FormatException($"'{Value}' is not {Rule.Description}.");

    static MemorySize? IStringValue<MemorySize>.Create(string value) => BytesOf(value) is null ? null : new(value);

    static MemorySize? IStringValue<MemorySize>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads an amount.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static implicit operator MemorySize(string text) => Text.Parse<MemorySize>(text);

    private static long? BytesOf(string text)
    {
        var shift = char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        return long.TryParse(text.TrimEnd('b', 'B', 'k', 'K', 'm', 'M', 'g', 'G'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= long.MaxValue >> shift
                ? number << shift
                : null;
    }
}
