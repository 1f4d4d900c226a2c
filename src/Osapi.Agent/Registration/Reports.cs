using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Operations.Facts;
using Osapi.Transport;

namespace Osapi.Agent.Registration;

/// <summary>Writes down what the host is and how it is doing: when that changes, and every 10 minutes in any case.</summary>
internal sealed class Reports(ITransport transport, OwnRecord record, Host host, Conditions conditions, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromMinutes(10);

    private byte[] facts = [];
    private string? troubles;
    private long writtenAt;

    public async Task RunAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(LookEvery, time);
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
        var reasons = await conditions.JudgeAsync(found.CpuCount, stopping);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(found, HostFacts.Json);
        var holding = conditions.Holding(reasons);
        if (troubles == holding && facts.AsSpan().SequenceEqual(bytes) && time.GetElapsedTime(writtenAt) < AtLeastEvery)
            return;

        await record.ChangeAsync(
            known => known with { Facts = found, Conditions = Conditions.Merge(known.Conditions, reasons, transport.ServerNow) }, stopping);
        (facts, troubles, writtenAt) = (bytes, holding, time.GetTimestamp());
    }
}
