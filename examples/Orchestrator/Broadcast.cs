using Osapi.Operations.Command;
using Osapi.Operations.Node;
using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class Broadcast
{
    public static async Task RunAsync(TextWriter output)
    {
        // One host is enough here: a fleet only has more results.
        await using var fleet = await OneHost.StartAsync();
        Plan plan = new(fleet.Client);

        // All hosts, and those with a label. Label values are hierarchical: group:web also includes web.dev and web.prod.
        var names = plan.Task("names", NodeOperations.Hostname, "_all");
        var web = plan.Task("web", CommandOperations.Exec, "group:web", new() { Command = "echo", Args = ["I serve pages"] }).DependsOn(names);

        // A failure on a host is part of that host's result. The task fails, too, unless it allows host failures.
        plan.Task("risky", CommandOperations.Shell, "_all", new() { Command = "echo 'no space left' >&2; exit 3" })
            .DependsOn(names)
            .AllowHostFailures(1);

        var report = await plan.RunAsync();

        foreach (var task in report.Tasks)
            foreach (var host in task.HostResults)
                await output.WriteLineAsync($"{task.Name} ({task.Status.ToText()})  {host.Hostname}: {host.Status.ToText()}{(host.Error is { } error ? $", {error}" : "")}");
        foreach (var host in report.Get(web)?.Hosts ?? [])
            await output.WriteAsync($"{host.Hostname} says: {host.Result?.Stdout}");
        await output.WriteLineAsync(report.Summary());
    }
}
