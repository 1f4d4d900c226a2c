using Osapi.Cli.Yaml;

namespace Osapi.Cli.Settings;

/// <summary>The configuration file: the one that is named, else <c>OSAPI_CONFIG</c>, else <c>/etc/osapi/osapi.yaml</c> if it is there.</summary>
internal static class ConfigurationFile
{
    private const string DefaultPath = "/etc/osapi/osapi.yaml";

    /// <summary>The file's path, what it holds and what is wrong with it as YAML; all empty when there is none.</summary>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public static (string? Path, YamlNode? Root, IReadOnlyList<FileProblem> Problems) Load(string? given)
    {
        var path = given ?? Environment.GetEnvironmentVariable("OSAPI_CONFIG");
        if (string.IsNullOrEmpty(path))
        {
            path = DefaultPath;
            if (!File.Exists(path))
                return (null, null, []);
        }

        var (root, problems) = YamlFile.Load(path);
        return (path, root, problems);
    }
}
