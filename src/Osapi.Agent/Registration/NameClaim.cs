using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// Takes the agent's name. Whoever has it and can be heard keeps it; one that was stopped gives it away, and so does one that
/// was silent for three heartbeats of this agent's own clock. The taking is conditional, so that of two that come only one gets it.
/// </summary>
internal sealed partial class NameClaim(ITransport transport, AgentIdentity identity, TimeProvider time, ILogger logger)
{
    private const int Beats = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Completes when the name is this agent's.</summary>
    /// <param name="mine">What this agent says of itself, made of what is known of whoever had the name before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NameTakenException">Another agent has it, and is alive.</exception>
    public async Task TakeAsync(Func<AgentInfo?, AgentInfo> mine, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await TryTakeAsync(mine, cancellationToken))
                    return;
                continue;
            }
            catch (TransportException exception)
            {
                LogNoStore(exception.Message);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // False when somebody else changed the key meanwhile: then it is all to be looked at again.
    private async Task<bool> TryTakeAsync(Func<AgentInfo?, AgentInfo> mine, CancellationToken cancellationToken)
    {
        var entry = await transport.Hosts.GetAsync(identity.Key, cancellationToken);
        var known = HostRecords.TryRead(entry);
        // A put whose answer got lost.
        if (known?.Session == identity.Session)
            return true;
        if (known is not null && known.Ledger != identity.Ledger && known.StoppedAt is null)
            await OutwaitAsync(known, cancellationToken);
        return await transport.Hosts.PutAsync(identity.Key, JobJson.Bytes(mine(known)), entry?.Revision ?? 0, cancellationToken) is not null;
    }

    private async Task OutwaitAsync(AgentInfo other, CancellationToken cancellationToken)
    {
        LogWaiting(identity.Hostname, other.Ledger, (Heartbeat.Every * Beats).TotalSeconds);
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var heard = HearAsync(other.Ledger, listening.Token);
        try
        {
            for (var beat = 0; beat < Beats; beat++)
            {
                // It answers at once if it can; else it has its own time to beat.
                await transport.Signals.SendAsync(Subjects.Ping, ReadOnlyMemory<byte>.Empty, cancellationToken);
                await Task.WhenAny(heard, Task.Delay(Heartbeat.Every, time, listening.Token));
                cancellationToken.ThrowIfCancellationRequested();
                if (!heard.IsCompleted)
                    continue;
                await heard;
                throw Taken(other);
            }
        }
        finally
        {
            await listening.CancelAsync();
            await heard.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        LogTakenOver(identity.Hostname, other.Ledger);
    }

    private async Task HearAsync(string ledger, CancellationToken cancellationToken)
    {
        var subject = Subjects.Heartbeat(identity.Key);
        await foreach (var signal in transport.Signals.ListenAsync(subject, cancellationToken))
            if (signal.Subject == subject && JobJson.TryBeat(signal.Payload)?.Ledger == ledger)
                return;
        // The enumeration ends without a beat only with the store.
        throw new TransportException("the store is closed");
    }

    private NameTakenException Taken(AgentInfo other)
    {
        var now = transport.ServerNow;
        return new(identity.Hostname, other.Ledger, now,
            $"the name {identity.Hostname} is taken by another agent, which was heard of at {now:yyyy-MM-dd HH:mm:ss}Z: ledger {other.Ledger}"
            + $"{(other.MachineId is null ? "" : $", machine {other.MachineId}")}. Give this agent (ledger {identity.Ledger}) another name, or stop the other one.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name {Hostname} belongs to the ledger {Ledger}; waiting up to {Seconds} s to hear whether that agent is alive")]
    private partial void LogWaiting(string hostname, string ledger, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name {Hostname} is taken over: the agent with the ledger {Ledger} is silent")]
    private partial void LogTakenOver(string hostname, string ledger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agent cannot register, trying again: {Reason}")]
    private partial void LogNoStore(string reason);
}
