using System.Globalization;
using System.Text;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Rendering;

/// <summary>Renders a plan as text.</summary>
internal static class Explanation
{
    public static string Of(PlanGraph graph, PlanSelection? selection)
    {
        var selected = SelectedTasks.Of(graph, selection);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Plan: {graph.Tasks.Length} {(graph.Tasks.Length == 1 ? "task" : "tasks")}, {graph.LevelCount} {(graph.LevelCount == 1 ? "level" : "levels")}{(selection?.Limit is { } limit ? $", limited to {limit}" : "")}\n");
        for (var level = 0; level < graph.LevelCount; level++)
        {
            var tasks = graph.Levels[level];
            text.Append(CultureInfo.InvariantCulture, $"\nLevel {level}{(tasks.Count > 1 ? " (parallel)" : "")}:\n");
            foreach (var task in tasks)
                text.Append("  ").Append(Line(task)).Append(selected?[task.Index] == false ? $" - {SkipReasons.NotSelected}\n" : "\n");
        }

        return text.ToString();
    }

    /// <summary>Returns the kind of a task: <c>fn</c>, or the operation and its target.</summary>
    public static string KindOf(PlanTask task) => task switch
    {
        { Operation: null } => "fn",
        { SameHostsAs: { } origin } => $"{task.Operation.Id} same as {origin}",
        { Target: null } => task.Operation.Id,
        _ => $"{task.Operation.Id} {task.Target}",
    };

    /// <summary>Returns the conditions of a task, in the order of evaluation.</summary>
    public static IEnumerable<string> FlagsOf(PlanTask task)
    {
        if (task.HasItems)
            yield return task.ItemSource is null ? "for-each" : $"for each {task.ItemSource}";
        if (task.RequiresChange)
            yield return "only-if-changed";
        if (task.RequiresFailure)
            yield return "only-if-failed";
        if (task.RunsAlways)
            yield return "always";
        if (task.HasGuard)
            yield return "when";
        if (task.FailedHostsLimit is { } hosts)
            yield return $"max-host-failures {hosts}";
        if (task.AllowsNoHosts)
            yield return "allow-empty";
    }

    private static string Line(PlanTask task)
    {
        var line = $"{task.Name} [{KindOf(task)}]";
        if (task.Dependencies.Count > 0)
            line += " <- " + string.Join(", ", task.Dependencies);
        var flags = string.Join(", ", FlagsOf(task));
        return flags.Length > 0 ? $"{line} ({flags})" : line;
    }
}
