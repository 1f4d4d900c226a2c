using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Targets;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator.Execution;

/// <summary>Checks what a plan needs before it runs, so that a wrong target, a missing permission or a missing file is an error before anything changes.</summary>
internal static class HostResolution
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static async Task<(PlanHosts Hosts, IReadOnlyList<PlanError> Errors)> ResolveAsync(Plan plan, RunHistory? history, CancellationToken cancellationToken)
    {
        List<PlanError> errors = [.. plan.Tasks.Where(task => task.Operation is not null).SelectMany(UnreadableFiles)];
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
                if (answer.Error is not null && !(answer.IsEmpty && task.AllowsNoHosts))
                    errors.Add(new(task.Name, $"task \"{task.Name}\": {answer.Error}") { Cause = answer.Cause });
            }

        return (questions.Length == 0 && history is null ? PlanHosts.Unknown : new(hosts), [.. errors.OrderBy(error => plan.Tasks.First(task => task.Name == error.Task).Index)]);
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
    private static async Task<Resolution> AskAsync(Plan plan, IOperationInvoker invoker, PlanTask task, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Timeout, plan.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var resolved = await invoker.InvokeAsync(TargetOperations.Resolve, new() { Target = (TargetOf(task) ?? Target.Any).Text, Operation = task.Operation!.Id }, cancellationToken: either.Token)
                .WaitAsync(either.Token).ConfigureAwait(false);
            // A task without a target of its own asks for the permission only.
            return TargetOf(task) is null ? default : new(resolved.Hosts, resolved.Problem, IsEmpty: resolved.Hosts.Count == 0);
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
