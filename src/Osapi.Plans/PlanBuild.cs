using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator;

namespace Osapi.Plans;

/// <summary>Builds a plan from a plan file.</summary>
internal static class PlanBuild
{
    /// <summary>Returns the plan of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="client">The client of the controller.</param>
    /// <param name="invoker">The invoker of the operations: the client, or one that only checks.</param>
    /// <param name="hooks">The hooks of the run.</param>
    public static Plan Of(PlanFile file, OsapiClient client, IOperationInvoker invoker, Hooks hooks)
    {
        Plan plan = new(client, new PlanOptions
        {
            OnError = file.OnError ?? ErrorStrategy.StopAll,
            MaxParallelism = file.MaxParallelism,
            Deadline = file.Deadline,
            Flow = file.Flow,
            Hooks = hooks,
            Invoker = invoker,
        });
        Dictionary<string, PlanTask> tasks = [];
        foreach (var task in InOrder(file.Tasks))
            tasks[task.Name] = plan.Task(task.Name, task.Operation, task.SameAs is null ? task.Target : PlanTarget.SameAs(tasks[task.SameAs]), task.Request);
        foreach (var task in file.Tasks)
            task.Modifiers.ApplyTo(tasks[task.Name].DependsOn([.. task.DependsOn.Select(name => tasks[name])]), tasks);
        return plan;
    }

    // In the order of the file, but a task after the one whose hosts it has.
    private static IEnumerable<PlanFileTask> InOrder(IReadOnlyList<PlanFileTask> tasks)
    {
        var byName = tasks.ToDictionary(task => task.Name);
        HashSet<string> made = [];
        Stack<PlanFileTask> pending = new(tasks.Reverse());
        while (pending.TryPop(out var task))
            if (task.SameAs is not null && !made.Contains(task.SameAs))
            {
                pending.Push(task);
                pending.Push(byName[task.SameAs]);
            }
            else if (made.Add(task.Name))
            {
                yield return task;
            }
    }
}
