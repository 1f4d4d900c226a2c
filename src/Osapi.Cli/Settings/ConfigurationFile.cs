using System.Globalization;
using Osapi.Cli.Yaml;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Settings;

/// <summary>Loads the configuration file: the given one, or <c>OSAPI_CONFIG</c>, or <c>/etc/osapi/osapi.yaml</c> if it exists.</summary>
internal static class ConfigurationFile
{
    /// <summary>The directory of the default file, and of the keys and certificates that it may name.</summary>
    public const string Directory = "/etc/osapi";

    /// <summary>The path of the default file.</summary>
    public const string DefaultPath = Directory + "/osapi.yaml";

    private static YamlDocument? loaded;

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

        loaded = YamlFile.Load(path);
        return (path, loaded.Root, loaded.Problems);
    }

    /// <summary>Returns a message about a place in the file that was loaded as a problem, to be shown with its line; null for another message.</summary>
    public static FileProblem? Locate(string message)
    {
        if (loaded is not { Source: { Name: { } name } source } || !message.StartsWith(name + ":", StringComparison.Ordinal)
            || message[(name.Length + 1)..].Split(':', 3) is not [var line, var column, var text]
            || !int.TryParse(line, CultureInfo.InvariantCulture, out var row) || !int.TryParse(column, CultureInfo.InvariantCulture, out var start))
            return null;
        return loaded.Problems.FirstOrDefault(problem => problem.Line == row && problem.Column == start && problem.Message == text[1..]) is { } read
            ? read with { Source = source }
            : new(row, start, text[1..]) { Source = source };
    }
}
