using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Orchestrator;
using Osapi.Plans.Values;

namespace Osapi.Plans;

/// <summary>Builds a plan from a plan file.</summary>
internal static class PlanBuild
{
    /// <summary>Returns the plan of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="client">The client of the controller.</param>
    /// <param name="invoker">The invoker of the operations: the client, or one that only checks.</param>
    /// <param name="hooks">The hooks of the run.</param>
    /// <param name="values">The values that expressions read; null for a file without expressions.</param>
    /// <param name="selection">The part of the plan that is run; null for all of it.</param>
    /// <param name="run">The record that the controller keeps of the run; null for a run that is not recorded.</param>
    public static Plan Of(PlanFile file, OsapiClient? client, IOperationInvoker invoker, Hooks hooks, RunValues? values = null, PlanSelection? selection = null, RunOptions? run = null)
    {
        values ??= new();
        Plan plan = new(client, new PlanOptions
        {
            OnError = file.OnError ?? ErrorStrategy.StopAll,
            MaxParallelism = file.MaxParallelism,
            Deadline = file.Deadline,
            Flow = file.Flow,
            Selection = selection,
            Run = run,
            Hooks = hooks,
            Invoker = invoker,
        });
        Dictionary<string, PlanTask> tasks = [];
        foreach (var task in InOrder(file.Tasks))
            tasks[task.Name] = Add(plan, task, task.SameAs is null ? task.Target : PlanTarget.SameAs(tasks[task.SameAs]), values);
        foreach (var task in file.Tasks)
        {
            var added = tasks[task.Name].DependsOn([.. task.DependsOn.Select(name => tasks[name])]);
            task.Modifiers.ApplyTo(added, tasks);
            added.Tagged(task.Tags);
            added.Definition = task.DefinitionWith(file.Values);
            AddConditions(added, task, values);
        }

        return plan;
    }

    /// <summary>Checks a plan as before a run, and hands it over to the controllers.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="inputs">Makes the inputs that this machine would give while the plan runs; called when the plan is right.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The steps that earlier runs owe, which are this run's from now on.</returns>
    /// <exception cref="InvalidPlanException">The plan is invalid.</exception>
    public static Task<IReadOnlyList<OwedStep>> HandOverAsync(Plan plan, Func<Task<DetachedInputs>> inputs, CancellationToken cancellationToken) => plan.HandOverAsync(inputs, cancellationToken);

    private static PlanTask Add(Plan plan, PlanFileTask task, PlanTarget? target, RunValues values) =>
        task.Loop is { } loop ? plan.TaskForEach(task.Name, task.Operation, target, (results, host) => loop.Items(task, values, results, host))
            : task.Template is { } template
            ? plan.Task(task.Name, task.Operation, target, (results, host) => template.Make(values, results, host))
            : plan.Task(task.Name, task.Operation, target, task.Request!);

    private static void AddConditions(PlanTask added, PlanFileTask task, RunValues values)
    {
        added.ReadsWholeTasks = task.ReadsWholeTasks;
        added.ItemSource = task.Loop?.Summary;
        foreach (var condition in task.CellConditions)
            if (condition.Expression.Reads.LooksAtHost && added.RunsOnHosts)
                added.When((results, host) => condition.Holds(values, results, host), condition.Reason);
            else
                added.When(results => condition.Holds(values, results, host: null), condition.Reason);
        if (task.Loop is not null)
            return;
        if (task.ChangedWhen is { } changed)
            added.ChangedWhen((results, own) => changed.Holds(values, results, HostOf(own), own));
        if (task.FailedWhen is { } failed)
            added.FailedWhen((results, own) => failed.Holds(values, results, HostOf(own), own));
    }

    /// <summary>Returns the host of a task's own result; null for none.</summary>
    public static string? HostOf(Result own) => own.HostResults is [{ Hostname: { Length: > 0 } host }] ? host : null;

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
