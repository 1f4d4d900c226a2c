using Osapi.Plans.Yaml;

namespace Osapi.Plans;

/// <summary>The inputs of a plan file from outside: its reader opens no file and no environment by itself.</summary>
internal sealed record PlanInputs
{
    /// <summary>The values of variables as texts, such as those of <c>--set</c>, in order.</summary>
    public IReadOnlyList<(string Name, string Text)> Set { get; init; } = [];

    /// <summary>The files of values of variables, in order.</summary>
    public IReadOnlyList<LoadedFile> VariableFiles { get; init; } = [];

    /// <summary>Returns a variable of the environment; null when there is none.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>Loads a file that another one includes; null when files cannot be included.</summary>
    public IncludeLoader? Include { get; init; }
}

/// <summary>Loads an included file.</summary>
/// <param name="path">The path as it is written.</param>
/// <param name="including">The full name of the including file; null for the plan file itself.</param>
/// <returns>The file, or the reason that it cannot be read.</returns>
internal delegate (LoadedFile? File, string? Problem) IncludeLoader(string path, string? including);

/// <summary>A file of YAML.</summary>
/// <param name="Name">The name for people.</param>
/// <param name="FullName">The name that identifies the file.</param>
/// <param name="Root">The content; null when it is empty or cannot be read.</param>
/// <param name="Problems">The problems of the YAML.</param>
internal sealed record LoadedFile(string Name, string FullName, YamlNode? Root, IReadOnlyList<FileProblem> Problems);
