using Osapi.Plans.Yaml;

namespace Osapi.Cli.Yaml;

/// <summary>The YAML files of one command, so that problems can be shown with their lines.</summary>
internal sealed class SourceFiles
{
    private readonly Dictionary<string, YamlDocument> documents = [];

    /// <summary>Loads a file.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public YamlDocument Load(string path) => documents[path] = YamlFile.Load(path);

    /// <summary>Returns the problems with the text of their files, without those that only follow from others.</summary>
    /// <param name="path">The path of the plan file.</param>
    /// <param name="problems">The problems; those without a file are in the plan file.</param>
    public IReadOnlyList<FileProblem> Complete(string path, IEnumerable<FileProblem> problems) =>
    [
        .. problems.GroupBy(problem => problem.File ?? path)
            .SelectMany(file => documents.TryGetValue(file.Key, out var document) ? document.Complete(file) : (IEnumerable<FileProblem>)file),
    ];
}
