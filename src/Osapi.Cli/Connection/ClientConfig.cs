using Osapi.Cli.Yaml;

namespace Osapi.Cli.Connection;

/// <summary>What the configuration file says for clients: <c>api.client.url</c> and <c>api.client.security.bearer_token</c>.</summary>
internal sealed record ClientConfig(string? Url, string? Token)
{
    private const string DefaultPath = "/etc/osapi/osapi.yaml";

    public static ClientConfig Load(string? given)
    {
        var path = given ?? Environment.GetEnvironmentVariable("OSAPI_CONFIG");
        if (string.IsNullOrEmpty(path))
        {
            path = DefaultPath;
            if (!File.Exists(path))
                return new(null, null);
        }

        var (root, problems) = YamlFile.Load(path);
        return problems.Count == 0
            ? new(Text(root, "api", "client", "url"), Text(root, "api", "client", "security", "bearer_token"))
            : throw CommandException.BadInput(problems.Select(problem => $"{path}:{problem}"));
    }

    private static string? Text(YamlNode? node, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            node = (node as YamlMapping)?.Find(key);
        return node is YamlScalar { IsNull: false } scalar ? scalar.Text : null;
    }
}
