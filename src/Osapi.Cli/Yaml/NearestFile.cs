using Osapi.Operations;

namespace Osapi.Cli.Yaml;

/// <summary>Suggests a file of the same directory for one that is not there.</summary>
internal static class NearestFile
{
    // A directory with more files is not searched to its end.
    private const int MaxFiles = 2000;

    /// <summary>Returns a phrase for the end of a message: <c>; did you mean 'deploy.yaml'?</c>, or an empty string.</summary>
    public static string Hint(string path)
    {
        try
        {
            if (path.Length == 0 || path == "-" || Path.Exists(path))
                return "";
            var directory = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
            return Suggestions.Hint(Path.GetFileName(path), Directory.EnumerateFiles(directory).Take(MaxFiles).Select(Path.GetFileName).OfType<string>());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }
}
