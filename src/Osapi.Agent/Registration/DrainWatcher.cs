using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// Applies the operator's drain: it stops taking work while the agent is drained, and reports when no job runs any
/// more.
/// </summary>
/// <remarks>It checks after a signal and every 10 seconds, so that a lost signal only causes a delay.</remarks>
internal sealed partial class DrainWatcher(ITransport transport, AgentIdentity identity, AgentRegistration record, OwnRosterEntry rosterEntry, QueueGate gate, RunningJobs running, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    // After a signal, because a lagging replica may answer; and while the roster is incomplete, because no work is taken before.
    private static readonly TimeSpan RecheckDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // The time within which jobs arrive that other controllers sent before they knew of the drain.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long? closedAt;
    private bool wasSignaled;
    private bool hasWaited;

    /// <exception cref="NameTakenException">Another agent owns the name.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var listening = ListenAsync(ended.Token);
        try
        {
            await CheckAsync(stopping);
        }
        finally
        {
            await ended.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CheckAsync(CancellationToken stopping)
    {
        while (true)
        {
            var known = await record.RefreshAsync(stopping);
            await rosterEntry.RefreshAsync(stopping);
            Follow();
            if (closedAt is { } since && IsToCordon(known) && running.IsIdle && time.GetElapsedTime(since) >= SettleTime)
                known = await record.ChangeAsync(Cordon, stopping);
            else if (rosterEntry is { IsComplete: true, Drain: null } && known is not { CordonedAt: null, CordonedVersion: null })
                known = await record.ChangeAsync(static now => now with { CordonedAt = null, CordonedVersion = null }, stopping);
            await NextAsync(IsToCordon(known), stopping);
        }
    }

    private void Follow()
    {
        if (rosterEntry.Drain is { } drain)
        {
            gate.Close();
            if (closedAt is null)
                LogDrained(drain.By ?? "somebody", drain.Reason ?? "no reason given");
            closedAt ??= time.GetTimestamp();
        }
        else if (!rosterEntry.IsComplete)
        {
            // An agent that already works continues: it knows the last decision.
            if (!hasWaited)
                LogIncomplete();
            hasWaited = true;
        }
        else
        {
            closedAt = null;
            gate.Open();
        }
    }

    private bool IsToCordon(AgentInfo known) => rosterEntry.Drain is not null && (known.CordonedAt is null || known.CordonedVersion != rosterEntry.Version);

    private AgentInfo Cordon(AgentInfo known) =>
        (known with { CordonedAt = transport.ServerNow, CordonedVersion = rosterEntry.Version }).WithEvent("cordoned", "All jobs completed", transport.ServerNow);

    private async Task NextAsync(bool untilIdle, CancellationToken stopping)
    {
        using var waitCancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        List<Task> reasons = [signals.Reader.WaitToReadAsync(waitCancellation.Token).AsTask(), Task.Delay(wasSignaled || !rosterEntry.IsComplete ? RecheckDelay : CheckInterval, time, waitCancellation.Token)];
        if (untilIdle)
            reasons.Add(SettledAsync(waitCancellation.Token));
        await Task.WhenAny(reasons);
        await waitCancellation.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        wasSignaled = false;
        while (signals.Reader.TryRead(out _))
        {
            // One check covers all signals so far.
            wasSignaled = true;
        }
    }

    private async Task SettledAsync(CancellationToken cancellationToken)
    {
        await running.IdleAsync(cancellationToken);
        if (closedAt is { } since && SettleTime - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero)
            await Task.Delay(left, time, cancellationToken);
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        var subject = Subjects.RecordChanged(identity.Key);
        while (true)
        {
            try
            {
                await foreach (var signal in transport.Signals.ListenAsync(subject, stopping))
                    if (signal.Subject == subject)
                        signals.Writer.TryWrite(true);
                return;
            }
            catch (TransportException exception)
            {
                LogSignalsInterrupted(exception.Message);
            }

            await Task.Delay(RetryDelay, time, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained by {By} ({Reason}): no new work is taken, running jobs finish")]
    private partial void LogDrained(string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No work is taken from the queue until a controller has written the roster")]
    private partial void LogIncomplete();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Signals about the roster cannot be received, trying again: {Reason}")]
    private partial void LogSignalsInterrupted(string reason);
}
