using Microsoft.Extensions.Logging;
using Osapi.Transport;

namespace Osapi.Agent.Jobs;

/// <summary>Receives the commands to this host as they are published, and reads the log, which is the truth, to miss none.</summary>
/// <remarks>
/// The log is followed until a command has come live, so that a broker with permissions of an earlier version delivers as before. Then it is read
/// when something may have been missed, and now and then.
/// </remarks>
/// <param name="transport">The store.</param>
/// <param name="prefix">The prefix of the commands to this host.</param>
/// <param name="receive">Receives a command, live or from the log. It may be called twice at a time.</param>
/// <param name="time">The time.</param>
/// <param name="logger">The log of the process.</param>
internal sealed partial class LiveCommands(ITransport transport, string prefix, Func<Message, CommandReceipt> receive, TimeProvider time, ILogger logger)
{
    // The store is asked as often whether it can be reached: a server of a cluster may be cut off from the others.
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(5);

    // An answer that took longer was waited for.
    private static readonly TimeSpan MaxProbeTime = TimeSpan.FromSeconds(1);

    // The time after which all servers of a cluster know a subscription, and after which a copy has arrived.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan CatchUpInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly RetryLoop retry = new(time, RetryDelay);
    private readonly Lock gate = new();
    private TaskCompletionSource wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? following;
    private DateTimeOffset? listeningSince;
    private long position;

    /// <summary>Receives commands until it is cancelled, or one did not come live that should have.</summary>
    /// <param name="log">The state of the log.</param>
    /// <param name="after">The sequence after which it is read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TransportException">The position is not valid any more, or the store cannot be reached.</exception>
    public async Task RunAsync(StreamState log, long after, CancellationToken cancellationToken)
    {
        position = after;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var untilLive = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        following = untilLive;
        var listening = ListenAllAsync(ending.Token);
        try
        {
            await FollowAsync(untilLive.Token, cancellationToken);
            LogLive();
            await CatchUpAllAsync(log.Created, cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var begun = time.GetTimestamp();
            await retry.RunAsync(() => ListenAsync(cancellationToken), LogNotListening, cancellationToken);
            if (time.GetElapsedTime(begun) < RetryDelay)
                await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var copies = await transport.ListenAsync(StreamName.Commands, prefix, cancellationToken);
        lock (gate)
            listeningSince = transport.ServerNow + SettleTime;
        RequestCatchUp();
        await foreach (var message in copies)
            if (receive(message) == CommandReceipt.Invalid)
                RequestCatchUp();
            else
                await StopFollowingAsync();
        lock (gate)
            listeningSince = null;
    }

    // A command has come live.
    private Task StopFollowingAsync() => Interlocked.Exchange(ref following, null)?.CancelAsync() ?? Task.CompletedTask;

    private async Task FollowAsync(CancellationToken untilLive, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in transport.FollowAsync(StreamName.Commands, prefix, position, untilLive))
            {
                position = message.Sequence;
                receive(message);
            }
        }
        catch (OperationCanceledException) when (untilLive.IsCancellationRequested)
        {
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    // Returns when a command did not come live.
    private async Task CatchUpAllAsync(DateTimeOffset created, CancellationToken cancellationToken)
    {
        // The log was followed until now. All agents of a fleet come here with the same broadcast, and do not read it together.
        lock (gate)
            wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var (last, next) = (position, time.GetTimestamp() + Ticks(SettleTime + CatchUpInterval * Random.Shared.NextDouble()));
        while (true)
        {
            var isWanted = await IsWantedAsync(cancellationToken);
            var asked = time.GetTimestamp();
            var log = await transport.StateAsync(StreamName.Commands, cancellationToken);
            if (log.Created != created || log.LastSequence < last)
                throw new TransportException("the log of commands was recreated, or restored from an earlier copy");
            var now = time.GetTimestamp();
            if (log.LastSequence == last || !(isWanted || now >= next || time.GetElapsedTime(asked, now) > MaxProbeTime))
                continue;
            if (!await CatchUpAsync(cancellationToken))
                return;
            (last, next) = (log.LastSequence, time.GetTimestamp() + Ticks(CatchUpInterval * (0.5 + Random.Shared.NextDouble())));
        }
    }

    private async Task<bool> IsWantedAsync(CancellationToken cancellationToken)
    {
        // A thousand agents do not ask at the same time.
        var tick = Task.Delay(ProbeInterval * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
        await await Task.WhenAny(Volatile.Read(ref wanted).Task, tick);
        lock (gate)
        {
            if (!wanted.Task.IsCompleted)
                return false;
            wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    // False when a command is in the log that should have come live.
    private async Task<bool> CatchUpAsync(CancellationToken cancellationToken)
    {
        var isComplete = true;
        await foreach (var message in transport.ReadToEndAsync(StreamName.Commands, prefix, position, cancellationToken))
        {
            position = message.Sequence;
            if (receive(message) != CommandReceipt.New)
                continue;
            LogMissed(message.Sequence);
            lock (gate)
                isComplete &= listeningSince is not { } since || message.Time < since || message.Time > transport.ServerNow - SettleTime;
        }

        return isComplete;
    }

    private void RequestCatchUp()
    {
        lock (gate)
            wanted.TrySetResult();
    }

    private long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Commands come as they are published; the log is read now and then")]
    private partial void LogLive();

    [LoggerMessage(Level = LogLevel.Debug, Message = "The command at {Sequence} was read from the log and did not come live before")]
    private partial void LogMissed(long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Commands do not come as they are published, trying again; they are read from the log: {Reason}")]
    private partial void LogNotListening(string reason);
}
