namespace Osapi.Plans.Yaml;

/// <summary>The content of a YAML file as far as it could be read.</summary>
/// <param name="Root">The root; null when the file is empty, or nothing of it could be read.</param>
/// <param name="Problems">The problems as YAML, in the order of the file.</param>
/// <param name="Source">The text of the file.</param>
internal sealed record YamlDocument(YamlNode? Root, IReadOnlyList<FileProblem> Problems, SourceText Source)
{
    /// <summary>The text that was read: mistakes corrected, and the parts that could not be read left out.</summary>
    public SourceText Read { get; init; } = Source;

    /// <summary>The parts that could not be read.</summary>
    public string Lost { get; init; } = "";

    public void Deconstruct(out YamlNode? root, out IReadOnlyList<FileProblem> problems) => (root, problems) = (Root, Problems);

    /// <summary>
    /// Returns the problems that were found in the content, with those of the YAML, each with the text of the file. Left out are those
    /// that only follow from a part that could not be read.
    /// </summary>
    public IReadOnlyList<FileProblem> Complete(IEnumerable<FileProblem> found) => MisspeltKeys.Apply(
    [
        .. found.Where(problem => Problems.Contains(problem) || !(FollowsFromLost(problem) || FollowsFromMistake(problem)))
            .Select(problem => LineHints.Explain(Problems.Contains(problem) ? problem : AsWritten(problem), Source))
            .DistinctBy(problem => (problem.Line, problem.Column, problem.Message))
            .Select(problem => problem.Source is null ? problem with { Source = Source } : problem),
    ], Source);

    // A name in the message that stands in a lost part: a task, a variable or a key that is there and could not be read.
    private bool FollowsFromLost(FileProblem problem)
    {
        if (Lost.Length == 0)
            return false;
        if (problem.Message.Contains("depend", StringComparison.Ordinal) || problem.Message.Contains("at least one", StringComparison.Ordinal))
            return true;
        return !problem.Message.Contains("must be", StringComparison.Ordinal)
            && problem.Message.Split('\'').Where((part, index) => index % 2 == 1 && part.Length > 0).Any(name => Lost.Contains(name, StringComparison.Ordinal));
    }

    // In a line that is not YAML as it stands, its content cannot be judged. A key that is there twice is no such line.
    private bool FollowsFromMistake(FileProblem problem) => Problems.Any(mistake => mistake.Line == problem.Line && !mistake.Message.Contains("more than once", StringComparison.Ordinal));

    // A correction may have moved the rest of its line.
    private FileProblem AsWritten(FileProblem problem)
    {
        var (written, read) = (Source.Line(problem.Line), Read.Line(problem.Line));
        var added = read.Length - written.Length;
        return added <= 0 || problem.Column - 1 < written.AsSpan().CommonPrefixLength(read) + added ? problem : problem with { Column = problem.Column - added };
    }
}
