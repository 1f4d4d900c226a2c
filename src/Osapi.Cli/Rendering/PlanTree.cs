using System.Text;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering;

/// <summary>Draws a plan as a tree of text: below each task those that depend on it. A task with several dependencies is drawn once.</summary>
internal static class PlanTree
{
    // A chain of tasks is as deep as it is long; deeper ones are continued at the margin.
    private const int MaxDepth = 40;

    public static string Text(Plan plan)
    {
        var dependents = plan.Tasks.ToDictionary(task => task, _ => new List<PlanTask>());
        foreach (var task in plan.Tasks)
            foreach (var dependency in task.Dependencies)
                dependents[dependency].Add(task);
        StringBuilder text = new();
        HashSet<PlanTask> drawn = [];
        Queue<PlanTask> roots = new(plan.Tasks.Where(task => task.Dependencies.Count == 0));
        while (roots.TryDequeue(out var root))
            Draw(root, "", "", 0);
        return text.ToString();

        void Draw(PlanTask task, string first, string below, int depth)
        {
            text.Append(first).Append(task.Name);
            if (!drawn.Add(task))
            {
                text.Append(" (above)\n");
                return;
            }

            if (task.ItemSource is { } items)
                text.Append($" (for each {items})");
            if (task.Dependencies.Count > 1)
                text.Append($" (after {string.Join(", ", task.Dependencies)})");
            text.Append('\n');
            if (depth == MaxDepth)
            {
                foreach (var next in dependents[task].Where(next => !drawn.Contains(next)))
                    roots.Enqueue(next);
                return;
            }

            for (var index = 0; index < dependents[task].Count; index++)
            {
                var isLast = index == dependents[task].Count - 1;
                Draw(dependents[task][index], below + (isLast ? "`-- " : "|-- "), below + (isLast ? "    " : "|   "), depth + 1);
            }
        }
    }
}
