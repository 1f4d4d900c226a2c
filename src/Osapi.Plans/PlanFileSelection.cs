using Osapi.Orchestrator;
using Osapi.Orchestrator.Engine;

namespace Osapi.Plans;

/// <summary>Selects the tasks of a plan file.</summary>
internal static class PlanFileSelection
{
    /// <summary>Returns the file with the names of the selected tasks, and the problems: the option, and a text about it.</summary>
    public static (PlanFile File, IReadOnlyList<(string Option, string Text)> Problems) Of(PlanFile file, PlanSelection? selection)
    {
        if (selection is null)
            return (file, []);
        PlanGraph graph = new(PlanBuild.Of(file, null, null!, new()).Tasks);
        var problems = SelectedTasks.Problems(graph, selection);
        return problems.Count > 0 || SelectedTasks.Of(graph, selection) is not { } selected ? (file, problems)
            : (file with { SelectedNames = graph.Tasks.Where(task => selected[task.Index]).Select(task => task.Name).ToHashSet() }, problems);
    }
}
