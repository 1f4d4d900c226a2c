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
        do
        {
            var found = await host.Facts.ReadAsync(host, stopping);
            var reasons = await conditions.JudgeAsync(found.CpuCount, stopping);
            var bytes = JsonSerializer.SerializeToUtf8Bytes(found, HostFacts.Json);
            // Which conditions hold, not their figures, which never stand still.
            var holding = string.Join(' ', reasons.Where(reason => reason.Value is not null).Select(reason => reason.Key));
            if (troubles == holding && facts.AsSpan().SequenceEqual(bytes) && time.GetElapsedTime(writtenAt) < AtLeastEvery)
                continue;

            await record.ChangeAsync(
                known => known with { Facts = found, Conditions = Conditions.Merge(known.Conditions, reasons, transport.ServerNow) }, stopping);
            (facts, troubles, writtenAt) = (bytes, holding, time.GetTimestamp());
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
