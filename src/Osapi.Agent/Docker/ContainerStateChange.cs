using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osapi.Agent.Docker;

/// <summary>The state of a container in a check's before and after.</summary>
internal static class ContainerStateChange
{
    public static JsonElement Of(string? state) => JsonElement.Parse(new JsonObject { ["state"] = state ?? "unknown" }.ToJsonString());
}
