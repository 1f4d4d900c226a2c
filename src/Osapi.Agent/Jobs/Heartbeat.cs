using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Registers the agent, and says every 10 seconds, or when asked, that it is alive.</summary>
internal sealed class Heartbeat(ITransport transport, AgentIdentity identity, AgentInfo info, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken stopping)
    {
        await transport.Hosts.PutAsync(identity.Key, JobJson.Bytes(info), expectedRevision: null, stopping);
        await Task.WhenAll(BeatAsync(stopping), AnswerAsync(stopping));
    }

    private async Task BeatAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Every, time);
        do
            await SendAsync(stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task AnswerAsync(CancellationToken stopping)
    {
        await foreach (var _ in transport.Signals.ListenAsync(Subjects.Ping, stopping))
            await SendAsync(stopping);
    }

    private Task SendAsync(CancellationToken stopping) =>
        transport.Signals.SendAsync(Subjects.Heartbeat(identity.Key), ReadOnlyMemory<byte>.Empty, stopping);
}
