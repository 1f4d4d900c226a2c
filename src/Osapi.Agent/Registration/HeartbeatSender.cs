using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Agent.Jobs;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// Says every 10 seconds, or when asked, that the agent is alive, and how loaded its host is. It waits for nothing else, so
/// that no job and no slow disk makes an agent look dead. A store that does not answer is tried again.
/// </summary>
internal sealed partial class HeartbeatSender(ITransport transport, AgentIdentity identity, Host host, TimeProvider time, ILogger logger)
{
    /// <summary>The time between two beats.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly RetryLoop retry = new(time, RetryDelay);

    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(BeatAsync(stopping), retry.RunAsync(() => AnswerAsync(stopping), LogNotHeard, stopping));

    private async Task BeatAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
            await retry.RunAsync(() => SendAsync(stopping), LogNotHeard, stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task AnswerAsync(CancellationToken stopping)
    {
        await foreach (var _ in transport.Signals.ListenAsync(Subjects.Ping, stopping))
            await SendAsync(stopping);
    }

    /// <summary>Sends one heartbeat now.</summary>
    /// <exception cref="TransportException">It cannot be sent.</exception>
    public Task SendAsync(CancellationToken stopping)
    {
        AgentHeartbeat beat = new()
        {
            Ledger = identity.Ledger,
            Session = identity.Session,
            Uptime = Try(() => Uptime.Describe(host.ReadUptime())),
            LoadAverage = Try(host.ReadLoad),
            Memory = Try(host.ReadMemory),
        };
        return transport.Signals.SendAsync(Subjects.Heartbeat(identity.Key), JobJson.Bytes(beat), stopping);
    }

    // What cannot be told is left out; that the agent is alive can be told.
    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (OperationException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat cannot be sent, trying again: {Reason}")]
    private partial void LogNotHeard(string reason);
}
