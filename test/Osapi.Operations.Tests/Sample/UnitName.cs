using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Sample;

/// <summary>The name of a unit.</summary>
[JsonConverter(typeof(TextConverter<UnitName>))]
public sealed record UnitName : IStringValue<UnitName>
{
    private UnitName(string value) => Value = value;

    static TextRule IStringValue<UnitName>.Rule { get; } = new("^[A-Za-z0-9:_@-][A-Za-z0-9:_.@-]*$", "the name of a systemd unit");

    /// <inheritdoc/>
    public string Value { get; }

    static UnitName? IStringValue<UnitName>.Create(string value) => value == "forbidden" ? null : new(value);

    public static implicit operator UnitName(string text) => Text.Parse<UnitName>(text);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
