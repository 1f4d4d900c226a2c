using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Plans;

namespace Osapi.Cli;

/// <summary>
/// Asks on a terminal before something changes several hosts that were not named one by one: <c>_all</c>, a label, or a list of hosts. Without a terminal nothing is
/// asked, so that scripts work as they are.
/// </summary>
internal static class BroadcastQuestion
{
    /// <summary>Asks about a call; returns false when the answer is not yes.</summary>
    public static async Task<bool> AskAsync(OsapiClient client, Operation operation, Target target, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected || !Acts(operation) || !target.IsBroadcast)
            return true;
        var hosts = await HostsAsync(client, target, operation, cancellationToken);
        return hosts.Count < 2 || await AskAsync($"{operation.Id} on {target} reaches {hosts.Count} hosts: {HostNames.Join(hosts)}.", cancellationToken);
    }

    /// <summary>Asks about a plan; returns false when the answer is not yes.</summary>
    public static async Task<bool> AskAsync(OsapiClient client, PlanFile plan, Target? limit, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
            return true;
        List<PlanFileTask> tasks = [.. plan.SelectedTasks.Where(task => task.Target is { IsBroadcast: true } && Acts(task.Operation))];
        HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase);
        foreach (var same in tasks.GroupBy(task => (task.Target!.Text, task.Operation.Permission)))
            hosts.UnionWith(await HostsAsync(client, same.First().Target!, same.First().Operation, cancellationToken));
        if (limit is not null && tasks.Count > 0)
            hosts.IntersectWith(await TargetLimit.ResolveAsync(client, limit, tasks, cancellationToken));
        return hosts.Count < 2 || await AskAsync($"'{plan.Name}' changes {hosts.Count} hosts, {HostNames.Join([.. hosts.Order(StringComparer.Ordinal)])}, in {tasks.Count} {(tasks.Count == 1 ? "task" : "tasks")}.", cancellationToken);
    }

    private static bool Acts(Operation operation) => operation is { RunsOn: RunsOn.Host, Idempotency: not Idempotency.ReadOnly };

    // A target that is wrong is told by the call itself.
    private static async Task<IReadOnlyList<string>> HostsAsync(OsapiClient client, Target target, Operation operation, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await client.Target.ResolveAsync(target.Text, operation.Id, cancellationToken: cancellationToken)).Hosts.Select(host => host.Hostname)];
        }
        catch (ApiException)
        {
            return [];
        }
    }

    private static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        Console.Error.Write($"{ControlCharacters.Escape(question)} Continue? [y/N] ");
        // Reading a terminal does not end with Ctrl-C when the program handles it.
        var answer = await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
