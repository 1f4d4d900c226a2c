using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// Applies operators' drains: a drained agent takes no new work, and is cordoned once nothing runs any more. It checks after
/// each signal and every 10 seconds, so that a lost signal only causes a delay.
/// </summary>
internal sealed partial class DrainWatcher(ITransport transport, AgentIdentity identity, AgentRegistration record, OwnRosterEntry entry, QueueGate queueGate, RunningJobs running, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    // After a signal, because the read may come from a lagging replica; and while the roster is incomplete, because no work is taken until then.
    private static readonly TimeSpan RecheckDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Commands that other controllers sent before they learned of the drain arrive within this time.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    private readonly RetryLoop retry = new(time, RetryDelay);
    private readonly Channel<bool> signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long? closedAt;
    private bool wasSignaled;
    private bool hasWaited;

    /// <exception cref="NameTakenException">Another agent owns the name.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var listening = retry.RunAsync(() => ListenAsync(ended.Token), LogNotReported, ended.Token);
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
            await entry.RefreshAsync(stopping);
            Follow();
            if (entry.AcceptedKeys is { } accepted && known.ControllerKeys?.SequenceEqual(accepted) != true)
                known = await record.ChangeAsync(now => now with { ControllerKeys = accepted }, stopping);
            if (closedAt is { } since && IsToCordon(known) && running.IsIdle && time.GetElapsedTime(since) >= SettleTime)
                known = await record.ChangeAsync(Cordon, stopping);
            else if (entry is { IsComplete: true, Drain: null } && known is not { CordonedAt: null, CordonedVersion: null })
                known = await record.ChangeAsync(static now => now with { CordonedAt = null, CordonedVersion = null }, stopping);
            await NextAsync(IsToCordon(known), stopping);
        }
    }

    private void Follow()
    {
        if (entry.Drain is { } drain)
        {
            queueGate.Close();
            if (closedAt is null)
                LogDrained(drain.By ?? "unknown", drain.Reason ?? "no reason given");
            closedAt ??= time.GetTimestamp();
        }
        else if (!entry.IsComplete)
        {
            // An agent that already takes work continues: it knows the latest decision of an operator.
            if (!hasWaited)
                LogIncomplete();
            hasWaited = true;
        }
        else
        {
            closedAt = null;
            queueGate.Open();
        }
    }

    private bool IsToCordon(AgentInfo known) => entry.Drain is not null && (known.CordonedAt is null || known.CordonedVersion != entry.Version);

    private AgentInfo Cordon(AgentInfo known) =>
        (known with { CordonedAt = transport.ServerNow, CordonedVersion = entry.Version }).WithEvent("cordoned", "All jobs completed", transport.ServerNow);

    private async Task NextAsync(bool untilQuiet, CancellationToken stopping)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        List<Task> reasons = [signals.Reader.WaitToReadAsync(until.Token).AsTask(), Task.Delay(wasSignaled || !entry.IsComplete ? RecheckDelay : CheckInterval, time, until.Token)];
        if (untilQuiet)
            reasons.Add(SettledAsync(until.Token));
        await Task.WhenAny(reasons);
        await until.CancelAsync();
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
        await foreach (var signal in transport.Signals.ListenAsync(subject, stopping))
            if (signal.Subject == subject)
                signals.Writer.TryWrite(true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained by {By} ({Reason}): no new work is taken, running jobs finish")]
    private partial void LogDrained(string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No work is taken from the queue until a controller has written the roster")]
    private partial void LogIncomplete();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Signals about the roster cannot be received, trying again: {Reason}")]
    private partial void LogNotReported(string reason);
}
