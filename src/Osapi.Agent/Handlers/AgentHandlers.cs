using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Agent.Node;

namespace Osapi.Agent.Handlers;

/// <summary>Everything this agent can do, family by family.</summary>
internal static class AgentHandlers
{
    public static HandlerTable All { get; } = new() { NodeHandlers.All };
}

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonElementInfo : JsonSerializerContext;
