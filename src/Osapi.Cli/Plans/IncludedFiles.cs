using Osapi.Cli.Yaml;
using Osapi.Plans;

namespace Osapi.Cli.Plans;

/// <summary>Loads the files that a plan file includes, relative to the file that includes them, and files of variables.</summary>
internal static class IncludedFiles
{
    /// <summary>Returns an included file, or the reason that it cannot be read.</summary>
    public static (LoadedFile? File, string? Problem) Find(string path, string including, SourceFiles sources)
    {
        if (including == "-")
            return (null, "a plan from standard input includes no files");
        // As the user would write it, so that an error can be opened from where the command was run.
        var directory = Path.GetDirectoryName(including);
        var found = Path.IsPathRooted(path) || string.IsNullOrEmpty(directory) ? path : Path.Combine(directory, path);
        try
        {
            return (Load(found, sources), null);
        }
        catch (CommandException exception)
        {
            return (null, exception.Problems[0]);
        }
    }

    /// <summary>Loads a file.</summary>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public static LoadedFile Load(string path, SourceFiles sources)
    {
        var (root, problems) = sources.Load(path);
        return new(path, path == "-" ? path : Path.GetFullPath(path), root, problems);
    }
}
