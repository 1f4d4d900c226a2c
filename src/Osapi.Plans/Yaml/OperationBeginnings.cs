using Osapi.Operations;

namespace Osapi.Plans.Yaml;

/// <summary>Suggests operations for the beginning of an id: <c>node.load</c>, or the words of a command, <c>node load</c>.</summary>
internal static class OperationBeginnings
{
    private const string Unknown = "there is no operation '";
    private const int MaxSuggestions = 3;

    public static FileProblem Explain(FileProblem problem)
    {
        if (!problem.Message.StartsWith(Unknown, StringComparison.Ordinal) || problem.Message.Contains("did you mean", StringComparison.Ordinal))
            return problem;
        var end = problem.Message.IndexOf('\'', Unknown.Length);
        if (end < Unknown.Length + 3)
            return problem;
        var beginning = problem.Message[Unknown.Length..end].Replace(' ', '.') + ".";
        var found = OperationCatalog.Default.Select(operation => operation.Id).Where(id => id.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)).Take(MaxSuggestions).Select(id => $"'{id}'").ToList();
        return found.Count == 0 ? problem : problem with { Message = problem.Message.Insert(end + 1, $"; did you mean {string.Join(" or ", found)}?") };
    }
}
