using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Identity;
using Osapi.Agent.Jobs;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// Takes the agent's name. Whoever has it and can be heard keeps it; one that was stopped gives it away, and so does one that
/// was silent for three heartbeats of this agent's own clock. The taking is conditional, so that of two that come only one gets it.
/// </summary>
/// <remarks>
/// An agent of the same ledger is an earlier session of this one, or a copy: a cloned machine, a copied directory. Where
/// nothing proves that the earlier session is over (<see cref="SessionHistory"/>), it is asked for a heartbeat first.
/// </remarks>
internal sealed partial class NameLease(NodeEnvironment node, TimeSpan nameTimeout, AgentIdentity identity, Host host, ILogger logger)
{
    private const int SilentHeartbeats = 3;
    private const int MaxQueries = 4;

    // After an interruption of the broker the other agent may come back to it later than this one.
    private static readonly TimeSpan TimeoutAfterInterruption = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ITransport transport = node.Transport;
    private readonly TimeProvider time = node.Time;
    private TimeSpan askTimeout = nameTimeout;
    private string? silentSession;

    /// <summary>Completes when no other session of this agent's name is alive, as far as anybody can tell.</summary>
    /// <exception cref="NameTakenException">One answered.</exception>
    public Task QueryAsync(CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            if (node.IsAlone)
                return true;
            var known = await FindAsync(cancellationToken);
            if (identity.Earlier is not { IsProven: true } || IsCopy(known))
                await QueryAsync(known, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>Completes when the name is this agent's.</summary>
    /// <param name="mine">What this agent says of itself, made of what is known of whoever had the name before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NameTakenException">Another agent has it, and is alive.</exception>
    public Task AcquireAsync(Func<AgentInfo?, AgentInfo> mine, CancellationToken cancellationToken) =>
        RetryAsync(() => TryAcquireAsync(mine, cancellationToken), cancellationToken);

    // False when somebody else changed the key meanwhile: then it is all to be looked at again.
    private async Task<bool> TryAcquireAsync(Func<AgentInfo?, AgentInfo> mine, CancellationToken cancellationToken)
    {
        var entry = await transport.Hosts.GetAsync(identity.Key, cancellationToken);
        var known = HostRecords.TryRead(entry);
        // A put whose answer got lost.
        if (known?.Session == identity.Session)
            return true;
        if (known is not null && known.Ledger != identity.Ledger && known.StoppedAt is null)
            await WaitForSilenceAsync(known, cancellationToken);
        // Another copy may have registered since this agent asked.
        else if (IsCopy(known))
            await QueryAsync(known, cancellationToken);
        if (await transport.Hosts.PutAsync(identity.Key, JobJson.Bytes(mine(known)), entry?.Revision ?? 0, cancellationToken) is null)
            return false;
        // One that runs all the same, and was only too slow to answer, looks at once and stops.
        if (known is not null)
            await transport.Signals.SendAsync(Subjects.RecordChanged(identity.Key), ReadOnlyMemory<byte>.Empty, cancellationToken);
        return true;
    }

    private async Task<AgentInfo?> FindAsync(CancellationToken cancellationToken) => HostRecords.TryRead(await transport.Hosts.GetAsync(identity.Key, cancellationToken));

    // Registered with this agent's ledger by a session of which it is not known that it is over.
    private bool IsCopy(AgentInfo? known) =>
        !node.IsAlone && known is not null && known.Ledger == identity.Ledger && known.Session != silentSession && !identity.IsOwnSession(known.Session);

    private async Task QueryAsync(AgentInfo? known, CancellationToken cancellationToken)
    {
        LogQuerying(identity.Hostname, askTimeout.TotalSeconds);
        AgentClaim claim = new() { Ledger = identity.Ledger, Session = identity.Session, Address = host.ReadAddress() };
        // More than once, because one that is only just starting may not listen yet.
        if (await ListenForHeartbeatAsync(Subjects.Claim(identity.Key), JobJson.Bytes(claim), MaxQueries, askTimeout / MaxQueries, beat => beat.Session != identity.Session, cancellationToken) is { } other)
            throw ToNameTaken(other.Ledger, other.Session, known);
        silentSession = known?.Session;
    }

    private async Task WaitForSilenceAsync(AgentInfo other, CancellationToken cancellationToken)
    {
        LogWaiting(identity.Hostname, other.Ledger, (HeartbeatSender.Interval * SilentHeartbeats).TotalSeconds);
        // It answers at once if it can; else it has its own time to beat.
        if (await ListenForHeartbeatAsync(Subjects.Ping, ReadOnlyMemory<byte>.Empty, SilentHeartbeats, HeartbeatSender.Interval, beat => beat.Ledger == other.Ledger, cancellationToken) is { } beat)
            throw ToNameTaken(beat.Ledger, beat.Session, other);
        LogTakenOver(identity.Hostname, other.Ledger);
    }

    // Asks several times, and waits each time for a heartbeat of the name; null when there is none.
    private async Task<AgentHeartbeat?> ListenForHeartbeatAsync(
        string question, ReadOnlyMemory<byte> payload, int times, TimeSpan wait, Predicate<AgentHeartbeat> wanted, CancellationToken cancellationToken)
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var heard = ListenAsync(wanted, listening.Token);
        try
        {
            for (var turn = 0; turn < times; turn++)
            {
                await transport.Signals.SendAsync(question, payload, cancellationToken);
                await Task.WhenAny(heard, Task.Delay(wait, time, listening.Token));
                cancellationToken.ThrowIfCancellationRequested();
                if (heard.IsCompleted)
                    return await heard;
            }

            return null;
        }
        finally
        {
            await listening.CancelAsync();
            await ((Task)heard).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<AgentHeartbeat> ListenAsync(Predicate<AgentHeartbeat> wanted, CancellationToken cancellationToken)
    {
        var subject = Subjects.Heartbeat(identity.Key);
        await foreach (var signal in transport.Signals.ListenAsync(subject, cancellationToken))
            if (signal.Subject == subject && JobJson.TryParseHeartbeat(signal.Payload) is { } beat && wanted(beat))
                return beat;
        // The enumeration ends without a beat only with the store.
        throw new TransportException("the store is closed");
    }

    private async Task RetryAsync(Func<Task<bool>> tryAsync, CancellationToken cancellationToken)
    {
        RetryLoop retry = new(time, RetryDelay) { Failed = _ => askTimeout = askTimeout > TimeoutAfterInterruption ? askTimeout : TimeoutAfterInterruption };
        while (!await retry.RunAsync(tryAsync, LogNoStore, cancellationToken))
        {
        }
    }

    private NameTakenException ToNameTaken(string ledger, string session, AgentInfo? known)
    {
        var now = transport.ServerNow;
        var machine = known?.Ledger == ledger && known.MachineId is { } id ? $", machine {id}" : "";
        var advice = ledger == identity.Ledger
            ? $"It has the same ledger as this agent: this is a copy of its machine or of its state directory. Remove the directory {OsapiAgent.LedgerDirectory(node)} here, and give this agent another name."
            : $"Give this agent (ledger {identity.Ledger}) another name, or stop the other one.";
        return new(identity.Hostname, Id(ledger), now,
            $"the name {identity.Hostname} is taken by another agent, which sent a heartbeat at {now:yyyy-MM-dd HH:mm:ss}Z: ledger {Id(ledger)}{machine}, session {Id(session)}. {advice}");

        // Anybody may send a heartbeat.
        static string Id(string text, [CallerArgumentExpression(nameof(text))] string what = "") => AgentClaim.IsId(text) ? text : $"(no valid {what})";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An earlier session of {Hostname} may still run; asking for its heartbeat for {Seconds} s")]
    private partial void LogQuerying(string hostname, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name {Hostname} belongs to the ledger {Ledger}; waiting up to {Seconds} s to hear whether that agent is alive")]
    private partial void LogWaiting(string hostname, string ledger, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name {Hostname} is taken over: the agent with the ledger {Ledger} is silent")]
    private partial void LogTakenOver(string hostname, string ledger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agent cannot register, trying again: {Reason}")]
    private partial void LogNoStore(string reason);
}
