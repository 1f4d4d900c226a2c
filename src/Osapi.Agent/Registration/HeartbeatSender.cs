using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Agent.Jobs;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// Sends a heartbeat with the load of the host every 10 seconds and in reply to a ping. It waits for nothing else, so that
/// neither jobs nor slow disks delay a heartbeat. When the store does not respond, it retries.
/// </summary>
internal sealed partial class HeartbeatSender(ITransport transport, AgentIdentity identity, Host host, TimeProvider time, ILogger logger)
{
    /// <summary>The time between two heartbeats.</summary>
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
        AgentHeartbeat heartbeat = new()
        {
            Ledger = identity.Ledger,
            Session = identity.Session,
            Uptime = Try(() => Uptime.Describe(host.ReadUptime())),
            LoadAverage = Try(host.ReadLoad),
            Memory = Try(host.ReadMemory),
        };
        return transport.Signals.SendAsync(Subjects.Heartbeat(identity.Key), JobJson.Bytes(heartbeat), stopping);
    }

    // A value that cannot be read is omitted; the heartbeat itself is still sent.
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
