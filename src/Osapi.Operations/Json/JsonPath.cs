namespace Osapi.Operations.Json;

/// <summary>Builds the path of a member in a problem: <c>mounts[0].source</c>. Names from the request are cut to a readable length.</summary>
internal static class JsonPath
{
    public static string Member(string path, string name)
    {
        var excerpt = name.Length <= 80 ? name : name[..77] + "...";
        return path.Length == 0 ? excerpt : $"{path}.{excerpt}";
    }

    public static string Element(string path, int index) => $"{path}[{index}]";
}
