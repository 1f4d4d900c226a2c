using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Node;
using Osapi.Operations.Targets;
using Osapi.Orchestrator;

namespace Osapi.Bench;

/// <summary>
/// Measures plans over many simulated hosts of which some are slow, in both orders: beside the time of the slowest host's own steps, which no order
/// can beat, and beside the sum of each step's slowest host, which an order by task needs.
/// </summary>
internal static class HostFlow
{
    private static readonly TimeSpan Normal = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(int hosts, int steps)
    {
        Random random = new(1);
        var latencies = new TimeSpan[steps, hosts];
        for (var step = 0; step < steps; step++)
            for (var host = 0; host < hosts; host++)
                latencies[step, host] = random.Next(100) == 0 ? Slow : Normal;
        var chain = Enumerable.Range(0, hosts).Max(host => Enumerable.Range(0, steps).Sum(step => latencies[step, host].TotalSeconds));
        var sum = Enumerable.Range(0, steps).Sum(step => Enumerable.Range(0, hosts).Max(host => latencies[step, host].TotalSeconds));

        Console.WriteLine("hosts  steps | flow |  run s  bound s  ratio |  jobs");
        await MeasureAsync(PlanFlow.Task, sum);
        await MeasureAsync(PlanFlow.Host, chain);

        async Task MeasureAsync(PlanFlow flow, double bound)
        {
            SimulatedHosts invoker = new(hosts, latencies);
            Plan plan = new(client: null, new() { Invoker = invoker, Flow = flow });
            PlanTask? before = null;
            for (var step = 0; step < steps; step++)
            {
                // The simulated hosts know the step by the operation.
                var task = plan.Task($"{step}", (Operation)(step % 2 == 0 ? NodeOperations.Hostname : NodeOperations.Uptime), "_all", step % 2 == 0 ? new GetHostname() : new GetUptime());
                before = before is null ? task : task.DependsOn(before);
            }

            var start = Stopwatch.GetTimestamp();
            var report = await plan.RunAsync();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            report.EnsureSuccess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hosts,5} {steps,6} | {(flow == PlanFlow.Host ? "host" : "task")} | {seconds,6:F2} {bound,8:F2} {seconds / bound,6:F2} | {invoker.Jobs,5}"));
        }
    }

    /// <summary>Hosts that answer after their latency.</summary>
    private sealed class SimulatedHosts(int hosts, TimeSpan[,] latencies) : IOperationInvoker
    {
        private readonly int[] next = new int[hosts];
        private int jobs;

        public int Jobs => jobs;

        public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
        {
            if (request is ResolveTarget)
                return new(JsonElement.Parse($"{{\"hosts\":[{string.Join(',', Enumerable.Range(0, hosts).Select(host => $"{{\"hostname\":\"web-{host:0000}\"}}"))}]}}"));
            Interlocked.Increment(ref jobs);
            var replies = await Task.WhenAll(target!.Hostnames.Select(name => AnswerAsync(name, options!)));
            return OperationReply.OfHosts(options!.JobId, replies);
        }

        private async Task<HostReply> AnswerAsync(string name, CallOptions options)
        {
            var host = int.Parse(name.AsSpan(4), CultureInfo.InvariantCulture);
            await Task.Delay(latencies[next[host]++, host], TimeProvider.System);
            HostReply reply = new() { Hostname = name, Outcome = Outcome.Ok };
            options.HostEnded?.Invoke(reply);
            return reply;
        }
    }
}
