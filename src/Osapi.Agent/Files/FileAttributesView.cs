using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The settings of a file in a check's before and after.</summary>
internal static class FileAttributesView
{
    public static JsonElement Of(CurrentFile found) => Of(found.Sha256, found.Stat.Size, found.Stat.Mode, found.Stat.User, found.Stat.Group);

    public static JsonElement Of(string? sha256, long? size, int mode, uint user, uint? group)
    {
        JsonObject settings = new() { ["sha256"] = sha256 };
        if (size is not null)
            settings["size"] = size;
        settings["mode"] = OctalMode.Format(mode);
        settings["owner"] = Accounts.UserName(user);
        // The kernel chooses a new file's group, by the directory's.
        if (group is { } id)
            settings["group"] = Accounts.GroupName(id);
        return JsonElement.Parse(settings.ToJsonString());
    }
}
