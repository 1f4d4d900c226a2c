namespace Osapi.Plans.Yaml;

/// <summary>A place where a text is not YAML.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Intended">The text as it was probably meant, to read on with; null when it cannot be known.</param>
internal sealed record SyntaxMistake(FileProblem Problem, SourceText? Intended = null);
