using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>The name of an agent: what targets and answers call its host. Letter case does not count.</summary>
[JsonConverter(typeof(TextConverter<AgentName>))]
public sealed record AgentName : IStringValue<AgentName>
{
    private AgentName(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$", "the name of an agent (a host name)");

    /// <inheritdoc/>
    public string Value { get; }

    // The controller answers what is asked about agents; it has no facts.
    static AgentName? IStringValue<AgentName>.Reference(string value) => null;

    static AgentName IStringValue<AgentName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The text is no name of a host.</exception>
    public static implicit operator AgentName(string text) => Text.Parse<AgentName>(text);
}
