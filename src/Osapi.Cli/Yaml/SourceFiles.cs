using Osapi.Plans.Yaml;

namespace Osapi.Cli.Yaml;

/// <summary>The YAML files of one command, so that problems can be shown with their lines.</summary>
internal sealed class SourceFiles
{
    private readonly Dictionary<string, YamlDocument> documents = [];
    private readonly Dictionary<string, byte[]> contents = [];

    /// <summary>The content of files of before, which are read instead of those on the disk; null for the disk.</summary>
    public IReadOnlyDictionary<string, byte[]>? Saved { get; init; }

    /// <summary>The content of the files that were loaded.</summary>
    public IReadOnlyDictionary<string, byte[]> Contents => contents;

    /// <summary>Loads a file.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public YamlDocument Load(string path)
    {
        var bytes = Saved is null ? YamlFile.ReadBytes(path)
            : Saved.GetValueOrDefault(path) ?? throw new CommandException(ExitCode.BadInput, $"{path} is not in the saved plan");
        if (bytes is not null)
            contents[path] = bytes;
        return documents[path] = YamlFile.Parse(bytes, path);
    }

    /// <summary>Returns the problems with the text of their files, without those that only follow from others.</summary>
    /// <param name="path">The path of the plan file.</param>
    /// <param name="problems">The problems; those without a file are in the plan file.</param>
    public IReadOnlyList<FileProblem> Complete(string path, IEnumerable<FileProblem> problems) =>
    [
        .. problems.GroupBy(problem => problem.File ?? path)
            .SelectMany(file => documents.TryGetValue(file.Key, out var document) ? document.Complete(file) : (IEnumerable<FileProblem>)file),
    ];
}
