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
internal sealed partial class DrainLoop(ITransport transport, AgentIdentity identity, OwnRecord record, Intake intake, RunningJobs running, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // What other controllers sent before they heard of the drain arrives within this time.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> told = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long? closedAt;

    /// <exception cref="NameTakenException">The name is another's.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var listening = ListenAsync(ended.Token);
        try
        {
            await LookAsync(stopping);
        }
        finally
        {
            await ended.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        while (true)
        {
            var known = await record.LookAsync(stopping);
            Follow(known);
            if (closedAt is { } since && known.CordonedAt is null && running.IsIdle && time.GetElapsedTime(since) >= Settle)
                known = await record.ChangeAsync(now => Cordon(now), stopping);
            await NextAsync(known, stopping);
        }
    }

    private void Follow(AgentInfo known)
    {
        if (known.Drain is null)
        {
            closedAt = null;
            intake.Open();
        }
        else if (closedAt is null)
        {
            intake.Close();
            closedAt = time.GetTimestamp();
            LogDrained(known.Drain.By ?? "somebody", known.Drain.Reason ?? "no reason given");
        }
    }

    // Undrained meanwhile, it is left as it is.
    private AgentInfo Cordon(AgentInfo known) => known is { Drain: not null, CordonedAt: null }
        ? (known with { CordonedAt = transport.ServerNow }).With("cordoned", "All jobs completed", transport.ServerNow)
        : known;

    private async Task NextAsync(AgentInfo known, CancellationToken stopping)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        List<Task> reasons = [told.Reader.WaitToReadAsync(until.Token).AsTask(), Task.Delay(LookEvery, time, until.Token)];
        if (known is { Drain: not null, CordonedAt: null })
            reasons.Add(QuietAsync(until.Token));
        await Task.WhenAny(reasons);
        await until.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        while (told.Reader.TryRead(out _))
        {
            // One look takes in everything that was said.
        }
    }

    private async Task QuietAsync(CancellationToken cancellationToken)
    {
        await running.IdleAsync(cancellationToken);
        if (closedAt is { } since && Settle - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero)
            await Task.Delay(left, time, cancellationToken);
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        var subject = Subjects.Look(identity.Key);
        while (true)
        {
            try
            {
                await foreach (var signal in transport.Signals.ListenAsync(subject, stopping))
                    if (signal.Subject == subject)
                        told.Writer.TryWrite(true);
                return;
            }
            catch (TransportException exception)
            {
                LogNotTold(exception.Message);
            }

            await Task.Delay(Pause, time, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained by {By} ({Reason}): no new work is taken, what runs is finished")]
    private partial void LogDrained(string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Words of operators come late, trying again: {Reason}")]
    private partial void LogNotTold(string reason);
}
