using Osapi.Operations;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Expansion;

/// <summary>Resolves the names that a task depends on.</summary>
internal sealed class TaskDependencies(TaskHead head)
{
    /// <summary>Returns the full names of the tasks; a name that stands for several depends on all of them.</summary>
    public IReadOnlyList<string> Resolve()
    {
        List<string> names = [];
        foreach (var dependency in head.DependsOn)
            if (dependency.IsAmbiguous)
                continue;
            else if (dependency.Find() is { } group)
                names.AddRange(group.Tasks.Select(task => task.Name));
            else
                dependency.Scope.Problems.Add(FileProblem.At(dependency.Mark, $"depends_on: there is no task '{dependency.Name}'{Suggestions.Hint(dependency.Name, dependency.Scope.Groups.Keys)}"));
        return [.. names.Distinct()];
    }
}
