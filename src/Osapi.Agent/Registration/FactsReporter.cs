using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Operations.Facts;
using Osapi.Transport;

namespace Osapi.Agent.Registration;

/// <summary>Publishes the facts and conditions of the host: after a change, and at least every 10 minutes.</summary>
internal sealed class FactsReporter(ITransport transport, AgentRegistration record, Host host, Conditions conditions, TimeProvider time)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxReportInterval = TimeSpan.FromMinutes(10);

    private byte[] facts = [];
    private string? reportedConditions;
    private long writtenAt;

    public async Task RunAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(CheckInterval, time);
        var tick = timer.WaitForNextTickAsync(stopping).AsTask();
        while (true)
        {
            var changed = conditions.Changed;
            await ReportAsync(stopping);
            await Task.WhenAny(tick, changed);
            if (!tick.IsCompleted)
                continue;
            if (!await tick)
                return;
            tick = timer.WaitForNextTickAsync(stopping).AsTask();
        }
    }

    private async Task ReportAsync(CancellationToken stopping)
    {
        var found = await host.Facts.ReadAsync(host, stopping);
        var reasons = await conditions.EvaluateAsync(found.CpuCount, stopping);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(found, HostFacts.Json);
        var holding = conditions.DescribeActive(reasons);
        if (reportedConditions == holding && facts.AsSpan().SequenceEqual(bytes) && time.GetElapsedTime(writtenAt) < MaxReportInterval)
            return;

        await record.ChangeAsync(
            known => known with { Facts = found, Conditions = Conditions.Merge(known.Conditions, reasons, transport.ServerNow) }, stopping);
        (facts, reportedConditions, writtenAt) = (bytes, holding, time.GetTimestamp());
    }
}
