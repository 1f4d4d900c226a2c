using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osapi.Controller.Operations;

/// <summary>The settings of controller objects in a check's before and after.</summary>
internal static class CheckMembers
{
    public static JsonElement Of(JsonObject settings) => JsonElement.Parse(settings.ToJsonString());
}
