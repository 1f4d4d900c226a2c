using Osapi.Cli.Yaml;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Settings;

/// <summary>Loads the configuration file: the given one, or <c>OSAPI_CONFIG</c>, or <c>/etc/osapi/osapi.yaml</c> if it exists.</summary>
internal static class ConfigurationFile
{
    private const string DefaultPath = "/etc/osapi/osapi.yaml";

    /// <summary>Loads the file; returns its path, its content and its problems as YAML; all are empty when there is no file.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
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
