using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Agent.Jobs;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>Sends a heartbeat with the host's load every 10 seconds, and on request.</summary>
/// <remarks>
/// It waits for nothing else, so that no job and no slow disk makes an agent look dead. A failed send is retried.
/// </remarks>
internal sealed partial class HeartbeatSender(ITransport transport, AgentIdentity identity, Host host, TimeProvider time, ILogger logger)
{
    /// <summary>The heartbeat interval.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(SendPeriodicallyAsync(stopping), RetryAsync(() => AnswerAsync(stopping), stopping));

    private async Task SendPeriodicallyAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
            await RetryAsync(() => SendAsync(stopping), stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task AnswerAsync(CancellationToken stopping)
    {
        await foreach (var _ in transport.Signals.ListenAsync(Subjects.Ping, stopping))
            await SendAsync(stopping);
    }

    /// <summary>Sends one heartbeat now.</summary>
    /// <exception cref="TransportException">The heartbeat cannot be sent.</exception>
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

    // Unreadable values are left out; the heartbeat is sent anyway.
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

    private async Task RetryAsync(Func<Task> callAsync, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await callAsync();
                return;
            }
            catch (TransportException exception)
            {
                LogSendFailed(exception.Message);
            }

            await Task.Delay(RetryDelay, time, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat cannot be sent, trying again: {Reason}")]
    private partial void LogSendFailed(string reason);
}
