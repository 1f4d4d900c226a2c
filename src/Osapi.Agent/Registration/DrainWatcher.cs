using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// Does what operators say: takes no new work while the agent is drained, and says when nothing runs any more. It looks when
/// it is told to and every 10 seconds, so that a word that got lost is only late.
/// </summary>
internal sealed partial class DrainWatcher(ITransport transport, AgentIdentity identity, AgentRegistration record, OwnRosterEntry words, QueueGate intake, RunningJobs running, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    // After a signal, because a replica may answer that lags; and while the roster is not complete, because no work is taken before.
    private static readonly TimeSpan RecheckDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // What other controllers sent before they heard of the drain arrives within this time.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    private readonly RetryLoop retry = new(time, RetryDelay);
    private readonly Channel<bool> told = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long? closedAt;
    private bool wasTold;
    private bool hasWaited;

    /// <exception cref="NameTakenException">The name is another's.</exception>
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
            await words.RefreshAsync(stopping);
            Follow();
            if (closedAt is { } since && IsToCordon(known) && running.IsIdle && time.GetElapsedTime(since) >= SettleTime)
                known = await record.ChangeAsync(Cordon, stopping);
            else if (words is { IsComplete: true, Drain: null } && known is not { CordonedAt: null, CordonedVersion: null })
                known = await record.ChangeAsync(static now => now with { CordonedAt = null, CordonedVersion = null }, stopping);
            await NextAsync(IsToCordon(known), stopping);
        }
    }

    private void Follow()
    {
        if (words.Drain is { } drain)
        {
            intake.Close();
            if (closedAt is null)
                LogDrained(drain.By ?? "somebody", drain.Reason ?? "no reason given");
            closedAt ??= time.GetTimestamp();
        }
        else if (!words.IsComplete)
        {
            // One that had work goes on: what it knows is what an operator said last.
            if (!hasWaited)
                LogIncomplete();
            hasWaited = true;
        }
        else
        {
            closedAt = null;
            intake.Open();
        }
    }

    private bool IsToCordon(AgentInfo known) => words.Drain is not null && (known.CordonedAt is null || known.CordonedVersion != words.Version);

    private AgentInfo Cordon(AgentInfo known) =>
        (known with { CordonedAt = transport.ServerNow, CordonedVersion = words.Version }).WithEvent("cordoned", "All jobs completed", transport.ServerNow);

    private async Task NextAsync(bool untilQuiet, CancellationToken stopping)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        List<Task> reasons = [told.Reader.WaitToReadAsync(until.Token).AsTask(), Task.Delay(wasTold || !words.IsComplete ? RecheckDelay : CheckInterval, time, until.Token)];
        if (untilQuiet)
            reasons.Add(SettledAsync(until.Token));
        await Task.WhenAny(reasons);
        await until.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        wasTold = false;
        while (told.Reader.TryRead(out _))
        {
            // One look takes in everything that was said.
            wasTold = true;
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
                told.Writer.TryWrite(true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained by {By} ({Reason}): no new work is taken, running jobs finish")]
    private partial void LogDrained(string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No work is taken from the queue until a controller has written the roster")]
    private partial void LogIncomplete();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Signals about the roster cannot be received, trying again: {Reason}")]
    private partial void LogNotReported(string reason);
}
