using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Node;
using Osapi.Operations.Targets;
using Osapi.Orchestrator;

namespace Osapi.Bench;

/// <summary>
/// Measures the cost of a cell: a chain of tasks on many hosts that answer at once. The memory of the results themselves, as the report has them, is
/// subtracted.
/// </summary>
internal static class CellCost
{
    private const int Rounds = 9;

    public static async Task RunAsync(int hosts, int tasks)
    {
        Console.WriteLine("cost of a cell: a chain of tasks on hosts that answer at once");
        Console.WriteLine("hosts  tasks | flow |  us/cell | bytes/cell  of results  on top");
        foreach (var flow in (PlanFlow[])[PlanFlow.Task, PlanFlow.Host])
            await MeasureAsync(hosts, tasks, flow);
    }

    private static async Task MeasureAsync(int hosts, int tasks, PlanFlow flow)
    {
        List<(double Micros, long Bytes)> runs = [];
        Report report = null!;
        var plan = PlanOf(hosts, tasks, flow);
        for (var round = 0; round < Rounds; round++)
        {
            GC.Collect();
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            report = await plan.RunAsync();
            runs.Add((Stopwatch.GetElapsedTime(start).TotalMicroseconds, GC.GetTotalAllocatedBytes(precise: true) - bytes));
            report.EnsureSuccess();
        }

        var cells = hosts * tasks;
        var (micros, allocated) = runs.MinBy(run => run.Micros);
        var results = BytesOf(report) / cells;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{hosts,5} {tasks,6} | {(flow == PlanFlow.Host ? "host" : "task")} | {micros / cells,8:F3} | {allocated / cells,10} {results,11} {(allocated / cells) - results,7}"));
    }

    private static Plan PlanOf(int hosts, int tasks, PlanFlow flow)
    {
        Plan plan = new(client: null, new() { Invoker = new InstantHosts(hosts), Flow = flow });
        PlanTask? before = null;
        for (var index = 0; index < tasks; index++)
        {
            var task = plan.Task($"task-{index}", (Operation)NodeOperations.Hostname, "_all", new GetHostname());
            before = before is null ? task : task.DependsOn(before);
        }

        return plan;
    }

    // The memory of the same results, created once more.
    private static long BytesOf(Report report)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var copies = report.Tasks.Select(task => task with { HostResults = [.. task.HostResults.Select(host => host with { })] }).ToList();
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        GC.KeepAlive(copies);
        return bytes;
    }

    /// <summary>Hosts whose answers exist already.</summary>
    private sealed class InstantHosts : IOperationInvoker
    {
        private readonly OperationReply resolved;
        private readonly Dictionary<string, HostReply> replies;

        public InstantHosts(int hosts)
        {
            string[] names = [.. Enumerable.Range(0, hosts).Select(host => $"web-{host:0000}")];
            resolved = new(JsonElement.Parse($"{{\"hosts\":[{string.Join(',', names.Select(name => $"{{\"hostname\":\"{name}\"}}"))}]}}"));
            replies = names.ToDictionary(name => name, name => new HostReply { Hostname = name, Outcome = Outcome.Ok });
        }

        public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
        {
            if (request is ResolveTarget)
                return resolved;
            await Task.Yield();
            return OperationReply.OfHosts(options!.JobId, Array.ConvertAll([.. target!.Hostnames], name => replies[name]));
        }
    }
}
