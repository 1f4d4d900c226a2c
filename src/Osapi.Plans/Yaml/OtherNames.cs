using Osapi.Operations;

namespace Osapi.Plans.Yaml;

/// <summary>The keys under which other tools know what a plan file calls something else.</summary>
internal static class OtherNames
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hosts"] = "target",
        ["host"] = "target",
        ["inventory"] = "target",
        ["runs-on"] = "target",
        ["operation"] = "op",
        ["module"] = "op",
        ["action"] = "op",
        ["uses"] = "op",
        ["args"] = "with",
        ["params"] = "with",
        ["parameters"] = "with",
        ["inputs"] = "with",
        ["needs"] = "depends_on",
        ["require"] = "depends_on",
        ["requires"] = "depends_on",
        ["after"] = "depends_on",
        ["if"] = "when",
        ["only_if"] = "when",
        ["onlyif"] = "when",
        ["condition"] = "when",
        ["steps"] = "tasks",
        ["jobs"] = "tasks",
        ["plays"] = "tasks",
        ["services"] = "tasks",
        ["variables"] = "vars",
        ["env_vars"] = "vars",
        ["loop"] = "for_each",
        ["with_items"] = "for_each",
        ["foreach"] = "for_each",
        ["matrix"] = "for_each",
        ["ignore_errors"] = "on_error",
        ["continue-on-error"] = "on_error",
        ["retries"] = "on_error",
        ["rescue"] = "on_error",
        ["notify"] = "only_if_changed",
        ["handlers"] = "only_if_changed",
        ["timeout-minutes"] = "timeout",
        ["max-parallel"] = "max_parallelism",
        ["serial"] = "max_parallelism",
        ["forks"] = "max_parallelism",
        ["strategy"] = "flow",
        ["max_fail_percentage"] = "max_host_failures",
    };

    // Keys that only a task has; at the top of a file they are not indented.
    private static readonly IReadOnlyList<string> OfTasks = ["op", "target", "with", "depends_on", "when", "timeout"];

    /// <summary>Returns a phrase for the end of a message: the key that is probably meant, or an empty string.</summary>
    public static string Hint(string name, IReadOnlyList<string> known)
    {
        if (Suggestions.Hint(name, known) is { Length: > 0 } similar)
            return similar;
        if (OfTasks.Contains(name) && known.Contains("tasks"))
            return "; it belongs to a task, below 'tasks' and indented";
        var underlined = name.Replace('-', '_');
        return Keys.TryGetValue(name, out var meant) && known.Contains(meant) ? $"; here it is called '{meant}'"
            : known.FirstOrDefault(key => string.Equals(key, underlined, StringComparison.OrdinalIgnoreCase)) is { } same ? $"; did you mean '{same}'?"
            : "";
    }
}
