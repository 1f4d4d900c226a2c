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
/// Acquires the agent's name. A live owner keeps it; an owner that was stopped, or that was silent for three heartbeat intervals by
/// this agent's own clock, loses it. The write is conditional, so that only one of several claimants succeeds.
/// </summary>
/// <remarks>
/// An agent of the same ledger is an earlier session of this one, or a copy: a cloned machine, a copied directory. Unless
/// <see cref="SessionHistory"/> proves that the earlier session has ended, it is asked for a heartbeat first.
/// </remarks>
internal sealed partial class NameLease(NodeEnvironment node, TimeSpan nameTimeout, AgentIdentity identity, Host host, ILogger logger)
{
    private const int SilentHeartbeats = 3;
    private const int MaxQueries = 4;

    // After an interruption of the broker, the other agent may reconnect later than this one.
    private static readonly TimeSpan TimeoutAfterInterruption = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ITransport transport = node.Transport;
    private readonly TimeProvider time = node.Time;
    private TimeSpan askTimeout = nameTimeout;
    private string? silentSession;

    /// <summary>Completes when no other session with this agent's name has answered in time.</summary>
    /// <exception cref="NameTakenException">Another session answered.</exception>
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

    /// <summary>Completes when this agent owns the name.</summary>
    /// <param name="create">Creates this agent's record from the record of the previous owner, if any.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="NameTakenException">Another agent owns the name, and is alive.</exception>
    public Task AcquireAsync(Func<AgentInfo?, AgentInfo> create, CancellationToken cancellationToken) =>
        RetryAsync(() => TryAcquireAsync(create, cancellationToken), cancellationToken);

    // Returns false when the record was changed concurrently: the caller then starts again.
    private async Task<bool> TryAcquireAsync(Func<AgentInfo?, AgentInfo> create, CancellationToken cancellationToken)
    {
        var entry = await transport.Hosts.GetAsync(identity.Key, cancellationToken);
        var known = HostRecords.TryRead(entry);
        // An earlier write succeeded, and its response was lost.
        if (known?.Session == identity.Session)
            return true;
        if (known is not null && known.Ledger != identity.Ledger && known.StoppedAt is null)
            await WaitForSilenceAsync(known, cancellationToken);
        // Another copy may have registered since the query.
        else if (IsCopy(known))
            await QueryAsync(known, cancellationToken);
        if (await transport.Hosts.PutAsync(identity.Key, JobJson.Bytes(create(known)), entry?.Revision ?? 0, cancellationToken) is null)
            return false;
        // If the previous owner still runs and only answered too late, the signal makes it check its record at once and stop.
        if (known is not null)
            await transport.Signals.SendAsync(Subjects.RecordChanged(identity.Key), ReadOnlyMemory<byte>.Empty, cancellationToken);
        return true;
    }

    private async Task<AgentInfo?> FindAsync(CancellationToken cancellationToken) => HostRecords.TryRead(await transport.Hosts.GetAsync(identity.Key, cancellationToken));

    // True for a record with this agent's ledger and a session that is not known to have ended.
    private bool IsCopy(AgentInfo? known) =>
        !node.IsAlone && known is not null && known.Ledger == identity.Ledger && known.Session != silentSession && !identity.IsOwnSession(known.Session);

    private async Task QueryAsync(AgentInfo? known, CancellationToken cancellationToken)
    {
        LogQuerying(identity.Hostname, askTimeout.TotalSeconds);
        AgentClaim claim = new() { Ledger = identity.Ledger, Session = identity.Session, Address = host.ReadAddress() };
        // More than once, because an agent that is just starting may not listen yet.
        if (await ListenForHeartbeatAsync(Subjects.Claim(identity.Key), JobJson.Bytes(claim), MaxQueries, askTimeout / MaxQueries, sent => sent.Session != identity.Session, cancellationToken) is { } other)
            throw ToNameTaken(other.Ledger, other.Session, known);
        silentSession = known?.Session;
    }

    private async Task WaitForSilenceAsync(AgentInfo other, CancellationToken cancellationToken)
    {
        LogWaiting(identity.Hostname, other.Ledger, (HeartbeatSender.Interval * SilentHeartbeats).TotalSeconds);
        // It answers a ping at once if it can; otherwise its regular heartbeat counts.
        if (await ListenForHeartbeatAsync(Subjects.Ping, ReadOnlyMemory<byte>.Empty, SilentHeartbeats, HeartbeatSender.Interval, sent => sent.Ledger == other.Ledger, cancellationToken) is { } heartbeat)
            throw ToNameTaken(heartbeat.Ledger, heartbeat.Session, other);
        LogTakenOver(identity.Hostname, other.Ledger);
    }

    // Sends the signal several times, and waits each time for a matching heartbeat; returns null when there is none.
    private async Task<AgentHeartbeat?> ListenForHeartbeatAsync(
        string signalSubject, ReadOnlyMemory<byte> payload, int times, TimeSpan wait, Predicate<AgentHeartbeat> wanted, CancellationToken cancellationToken)
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var heartbeat = ListenAsync(wanted, listening.Token);
        try
        {
            for (var attempt = 0; attempt < times; attempt++)
            {
                await transport.Signals.SendAsync(signalSubject, payload, cancellationToken);
                await Task.WhenAny(heartbeat, Task.Delay(wait, time, listening.Token));
                cancellationToken.ThrowIfCancellationRequested();
                if (heartbeat.IsCompleted)
                    return await heartbeat;
            }

            return null;
        }
        finally
        {
            await listening.CancelAsync();
            await ((Task)heartbeat).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<AgentHeartbeat> ListenAsync(Predicate<AgentHeartbeat> wanted, CancellationToken cancellationToken)
    {
        var subject = Subjects.Heartbeat(identity.Key);
        await foreach (var signal in transport.Signals.ListenAsync(subject, cancellationToken))
            if (signal.Subject == subject && JobJson.TryParseHeartbeat(signal.Payload) is { } heartbeat && wanted(heartbeat))
                return heartbeat;
        // The enumeration ends without a heartbeat only when the store is closed.
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

        // Any client of the broker can send a heartbeat, so its ids are validated.
        static string Id(string text, [CallerArgumentExpression(nameof(text))] string what = "") => AgentClaim.IsId(text) ? text : $"(no valid {what})";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An earlier session of {Hostname} may still run; asking for its heartbeat for {Seconds} s")]
    private partial void LogQuerying(string hostname, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name {Hostname} belongs to the ledger {Ledger}; waiting up to {Seconds} s for a heartbeat of that agent")]
    private partial void LogWaiting(string hostname, string ledger, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name {Hostname} is taken over: the agent with the ledger {Ledger} is silent")]
    private partial void LogTakenOver(string hostname, string ledger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agent cannot register, trying again: {Reason}")]
    private partial void LogNoStore(string reason);
}
