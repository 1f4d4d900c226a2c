using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>The name of an agent, which targets and results also use for the agent's host. Letter case is ignored.</summary>
[JsonConverter(typeof(TextConverter<AgentName>)), ResourceName]
public sealed record AgentName : IStringValue<AgentName>
{
    private AgentName(string value) => Value = value;

    static TextRule IStringValue<AgentName>.Rule { get; } = new("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$", "the name of an agent (a host name)");

    /// <inheritdoc/>
    public string Value { get; }

    // The controller executes the operations on agents; it has no facts.
    static AgentName? IStringValue<AgentName>.Reference(string value) => null;

    static AgentName IStringValue<AgentName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not a host name.</exception>
    public static implicit operator AgentName(string text) => Text.Parse<AgentName>(text);
}
