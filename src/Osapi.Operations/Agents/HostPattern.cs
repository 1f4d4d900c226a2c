using System.IO.Enumeration;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>A pattern of host names, in which <c>*</c> stands for any characters, also none: <c>web-*</c>. Letter case is ignored.</summary>
[JsonConverter(typeof(TextConverter<HostPattern>))]
public sealed record HostPattern : IStringValue<HostPattern>
{
    private HostPattern(string value) => Value = value;

    static TextRule IStringValue<HostPattern>.Rule { get; } = new("^[A-Za-z0-9*]([A-Za-z0-9_.*-]{0,251}[A-Za-z0-9*])?$", "a host name, in which * stands for any characters");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>Determines whether the whole name matches the pattern.</summary>
    public bool Matches(string hostname) => FileSystemName.MatchesSimpleExpression(Value, hostname, ignoreCase: true);

    // The controller executes the operations on agents; it has no facts.
    static HostPattern? IStringValue<HostPattern>.Reference(string value) => null;

    static HostPattern IStringValue<HostPattern>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a pattern.</summary>
    /// <exception cref="FormatException">The text is not a pattern of host names.</exception>
    public static implicit operator HostPattern(string text) => Text.Parse<HostPattern>(text);
}
