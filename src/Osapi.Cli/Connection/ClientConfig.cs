using Osapi.Cli.Plans;

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

        var (document, problems) = YamlDocument.Load(path);
        if (problems.Count > 0)
            throw new CommandException(ExitCode.BadInput, string.Join('\n', problems.Select(problem => $"{path}:{problem}")));
        return new(document?.Text("api", "client", "url"), document?.Text("api", "client", "security", "bearer_token"));
    }
}
