using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Registers the agent, and says every 10 seconds, or when asked, that it is alive. A store that does not answer is tried again.</summary>
internal sealed partial class Heartbeat(ITransport transport, AgentIdentity identity, AgentInfo info, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stopping)
    {
        await RepeatAsync(() => transport.Hosts.PutAsync(identity.Key, JobJson.Bytes(info), expectedRevision: null, stopping), stopping);
        await Task.WhenAll(BeatAsync(stopping), RepeatAsync(() => AnswerAsync(stopping), stopping));
    }

    private async Task BeatAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Every, time);
        do
            await RepeatAsync(() => SendAsync(stopping), stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task AnswerAsync(CancellationToken stopping)
    {
        await foreach (var _ in transport.Signals.ListenAsync(Subjects.Ping, stopping))
            await SendAsync(stopping);
    }

    private Task SendAsync(CancellationToken stopping) =>
        transport.Signals.SendAsync(Subjects.Heartbeat(identity.Key), ReadOnlyMemory<byte>.Empty, stopping);

    private async Task RepeatAsync(Func<Task> act, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (TransportException exception)
            {
                LogNotHeard(exception.Message);
            }

            await Task.Delay(Pause, time, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody hears that this agent is alive, trying again: {Reason}")]
    private partial void LogNotHeard(string reason);
}
