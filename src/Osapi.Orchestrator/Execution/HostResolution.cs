using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Targets;
using Osapi.Orchestrator.Engine;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator.Execution;

/// <summary>Checks what a plan needs before it runs, so that a wrong target, a missing permission or a missing file is an error before anything changes.</summary>
internal static class HostResolution
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static async Task<(PlanHosts Hosts, IReadOnlyList<PlanError> Errors)> ResolveAsync(Plan plan, PlanGraph graph, RunHistory? history, CancellationToken cancellationToken)
    {
        var selected = SelectedTasks.Of(graph, plan.Options.Selection);
        List<PlanError> errors = [.. plan.Tasks.Where(task => task.Operation is not null && IsSelected(task)).SelectMany(UnreadableFiles)];
        if (plan.Invoker is not { } invoker)
            return (PlanHosts.Unknown, errors);
        var questions = await Task.WhenAll(
            plan.Tasks.Where(task => task.Operation is not null && history?.HostsOf(task.Name) is null && (TargetOf(task) is not null || task.Operation.Permission is not null))
                .GroupBy(task => (Target: TargetOf(task)?.Text, task.Operation!.Permission))
                .Select(async tasks => (Tasks: tasks, Answer: await AskAsync(plan, invoker, tasks.First(), cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        var hosts = new IReadOnlyList<ResolvedHost>?[plan.Tasks.Count];
        // The hosts of a run are those that it began with.
        foreach (var task in plan.Tasks)
            hosts[task.Index] = history?.HostsOf(task.Name)?.Select(name => new ResolvedHost(name)).ToList();
        foreach (var (tasks, answer) in questions)
            foreach (var task in tasks)
            {
                hosts[task.Index] = answer.Hosts;
                if (answer.Error is not null && IsSelected(task) && !(answer.IsEmpty && task.AllowsNoHosts))
                    errors.Add(new(task.Name, $"task \"{task.Name}\": {answer.Error}") { Cause = answer.Cause });
            }

        var limit = plan.Options.Selection?.Limit is { } limited ? await LimitAsync(plan, invoker, limited, [.. plan.Tasks.Where(task => task.RunsOnHosts && IsSelected(task))], hosts, errors, cancellationToken).ConfigureAwait(false) : null;
        return (questions.Length == 0 && history is null ? PlanHosts.Unknown : new(hosts) { Limit = limit }, [.. errors.OrderBy(error => graph.Find(error.Task)?.Index ?? -1)]);

        // What is not run needs neither its hosts nor a permission; its hosts only tell where something is owed.
        bool IsSelected(PlanTask task) => selected?[task.Index] != false;
    }

    // A limit that is not known must not be passed over: the plan would reach hosts outside of it.
    private static async Task<IReadOnlyList<string>?> LimitAsync(
        Plan plan, IOperationInvoker invoker, Target limit, IReadOnlyList<PlanTask> tasks, IReadOnlyList<ResolvedHost>?[] hosts, List<PlanError> errors, CancellationToken cancellationToken)
    {
        if (tasks.Count == 0)
            return null;
        foreach (var task in tasks.Where(task => TargetOf(task) is not null && hosts[task.Index] is null && errors.TrueForAll(error => error.Task != task.Name)))
            errors.Add(new(task.Name, $"task \"{task.Name}\": the controller does not tell its hosts, so that they cannot be limited to {limit}"));
        var answer = await AskAsync(plan, invoker, limit, tasks[0].Operation!, cancellationToken).ConfigureAwait(false);
        if (answer.Error is not null || answer.Hosts is null)
            errors.Add(new("", $"the selection (limit): {answer.Error ?? $"the controller does not tell the hosts of {limit}"}") { Cause = answer.Cause });
        return answer.Hosts is { } names ? [.. names.Select(host => host.Hostname)] : [];
    }

    // Null for an operation of the controller, and for the hosts of another task.
    private static Target? TargetOf(PlanTask task) => task.RunsOnHosts ? task.Target : null;

    // A file that is missing now would fail its task after others have changed hosts.
    private static IEnumerable<PlanError> UnreadableFiles(PlanTask task) =>
        from property in task.Operation!.RequestInfo.Properties
        where property.PropertyType == typeof(LocalFile)
        let request = ((OperationBody)task.Body).Request
        where request is not null
        let problem = (property.Get!(request) as LocalFile)?.Problem()
        where problem is not null
        select new PlanError(task.Name, $"task \"{task.Name}\" uploads a file that cannot be read: {problem}");

    // Without an answer nothing is refused: the hosts of a task are those of its first reply, and the report tells what failed.
    private static Task<Resolution> AskAsync(Plan plan, IOperationInvoker invoker, PlanTask task, CancellationToken cancellationToken) =>
        AskAsync(plan, invoker, TargetOf(task), task.Operation!, cancellationToken);

    private static async Task<Resolution> AskAsync(Plan plan, IOperationInvoker invoker, Target? target, Operation operation, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Timeout, plan.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var resolved = await invoker.InvokeAsync(TargetOperations.Resolve, new() { Target = (target ?? Target.Any).Text, Operation = operation.Id }, cancellationToken: either.Token)
                .WaitAsync(either.Token).ConfigureAwait(false);
            // A task without a target of its own asks for the permission only.
            return target is null ? default : new(resolved.Hosts, resolved.Problem, IsEmpty: resolved.Hosts.Count == 0);
        }
        catch (AuthException exception) when (exception.StatusCode == 403)
        {
            return new(Hosts: null, exception.Message, IsEmpty: false, exception);
        }
        catch (Exception)
        {
            return default;
        }
    }

    private readonly record struct Resolution(IReadOnlyList<ResolvedHost>? Hosts, string? Error, bool IsEmpty, Exception? Cause = null);
}
