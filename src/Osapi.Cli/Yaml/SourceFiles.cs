using System.Text;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Yaml;

/// <summary>The YAML files of one command, so that problems can be shown with their lines.</summary>
internal sealed class SourceFiles
{
    private readonly Dictionary<string, YamlDocument> documents = [];

    /// <summary>The texts of files by their full names, which are taken instead of the files on the disk; empty for none.</summary>
    public IReadOnlyDictionary<string, string> Stored { get; init; } = new Dictionary<string, string>();

    /// <summary>The files that were loaded, with their full names, in order.</summary>
    public IEnumerable<(string Name, string Text)> Loaded => documents.Select(document => (FullName(document.Key), document.Value.Source.ToString()));

    /// <summary>Loads a file.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public YamlDocument Load(string path) => documents[path] = Stored.TryGetValue(FullName(path), out var text) ? YamlBytes.Parse(Encoding.UTF8.GetBytes(text), path) : YamlFile.Load(path);

    private static string FullName(string path) => path == "-" ? path : Path.GetFullPath(path);

    /// <summary>Returns the problems with the text of their files, without those that only follow from others.</summary>
    /// <param name="path">The path of the plan file.</param>
    /// <param name="problems">The problems; those without a file are in the plan file.</param>
    public IReadOnlyList<FileProblem> Complete(string path, IEnumerable<FileProblem> problems) =>
    [
        .. problems.GroupBy(problem => problem.File ?? path)
            .SelectMany(file => documents.TryGetValue(file.Key, out var document) ? document.Complete(file) : (IEnumerable<FileProblem>)file),
    ];
}
