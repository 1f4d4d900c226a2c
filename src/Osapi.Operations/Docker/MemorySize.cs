using System.Globalization;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>An amount of memory in bytes, or with the suffix <c>k</c>, <c>m</c> or <c>g</c> in units of 1024, such as <c>256m</c>.</summary>
[JsonConverter(typeof(TextConverter<MemorySize>))]
public sealed record MemorySize : IStringValue<MemorySize>
{
    private MemorySize(string value) => Value = value;

    static TextRule IStringValue<MemorySize>.Rule { get; } = new("^[1-9][0-9]{0,14}[bkmgBKMG]?$", "an amount of memory such as 268435456, 512k, 256m or 2g");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The amount in bytes. Available on the host only, once references to facts are resolved.</summary>
    public long Bytes => BytesOf(Value) ?? throw new FormatException($"'{Value}' is not {Text.RuleOf<MemorySize>().Description}.");

    static MemorySize? IStringValue<MemorySize>.Create(string value) => BytesOf(value) is null ? null : new(value);

    static MemorySize? IStringValue<MemorySize>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to an amount.</summary>
    /// <exception cref="FormatException">The text is not an amount of memory.</exception>
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
