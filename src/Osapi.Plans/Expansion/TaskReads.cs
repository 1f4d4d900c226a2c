using Osapi.Operations;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Expansion;

/// <summary>Checks that a task depends on what it reads: otherwise it is not determined whether that has ended.</summary>
internal sealed class TaskReads(TaskAncestors ancestors)
{
    /// <summary>Checks the tasks that an expression reads.</summary>
    public void Check(TaskHead task, ExpressionReads reads, PlanScope scope, YamlScalar node)
    {
        if (task.Draft.Misspells("depends_on"))
            return;
        foreach (var name in reads.Tasks)
            if (!scope.Ambiguous.Contains(name) && scope.Groups.TryGetValue(name, out var group) && group.Tasks.Exists(read => !ancestors.Contains(task.Draft.Name, read.Name)))
            {
                var offset = Math.Max(0, node.Text.IndexOf(name, StringComparison.Ordinal));
                scope.Problems.Add(ExpressionPosition.At(node, new(offset, name.Length, Missing(task, name))));
            }
    }

    /// <summary>Returns the task of a name that a key refers to; null when there is a problem.</summary>
    public TaskDraft? Find(TaskHead task, string key, TaskDependency read)
    {
        if (read.IsAmbiguous)
            return null;
        if (read.Find() is not { } group)
            return Refuse($"{key}: there is no task '{read.Name}'{Suggestions.Hint(read.Name, read.Scope.Groups.Keys)}");
        if (group is not { Kind: GroupKind.Task, Tasks: [var one] })
            return Refuse($"{key}: '{read.Name}' stands for {group.Tasks.Count} tasks, and a single one is needed");
        return task.Draft.Misspells("depends_on") || ancestors.Contains(task.Draft.Name, one.Name) ? one : Refuse($"{key}: {Missing(task, read.Name)}");

        TaskDraft? Refuse(string message)
        {
            read.Scope.Problems.Add(FileProblem.At(read.Mark, message));
            return null;
        }
    }

    private string Missing(TaskHead task, string name) =>
        name == task.Draft.Name ? $"'{name}' is this task itself: 'changed_when' and 'failed_when' read its own 'result'"
        : ancestors.Contains(name, task.Draft.Name) ? $"'{name}' cannot be read here: it depends on '{task.Draft.Name}', and starts after it"
        : $"'{task.Draft.Name}' does not depend on '{name}': add it to 'depends_on'";
}
