using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osapi.Agent.Docker;

/// <summary>What an image name stands for, as a check shows it.</summary>
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
