using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osapi.Agent.Docker;

/// <summary>The image that a name refers to, in a check's before and after.</summary>
internal static class ImageChange
{
    public static JsonElement Of(string? id, string? digest)
    {
        JsonObject setting = [];
        if (id is not null)
            setting["image_id"] = id;
        if (digest is not null)
            setting["digest"] = digest;
        return JsonElement.Parse(setting.ToJsonString());
    }
}
