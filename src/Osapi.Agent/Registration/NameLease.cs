using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Identity;
using Osapi.Agent.Jobs;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>Acquires the agent's name.</summary>
/// <remarks>
/// A live owner keeps the name; a stopped one releases it, and so does one that was silent for three heartbeats by this
/// agent's own clock. The write is conditional, so only one of two competing agents gets the name. An agent of the same
/// ledger is an earlier session of this one, or a copy: a cloned machine, a copied directory. Unless <see
/// cref="SessionHistory"/> proves that the earlier session has ended, it is asked for a heartbeat first.
/// </remarks>
internal sealed partial class NameLease(AgentOptions options, AgentIdentity identity, Host host, ILogger logger)
{
    private const int SilentHeartbeats = 3;
    private const int MaxQueries = 4;

    // After an interruption of the broker the other agent may reconnect later than this one.
    private static readonly TimeSpan TimeoutAfterInterruption = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ITransport transport = options.Transport;
    private readonly TimeProvider time = options.Time;
    private TimeSpan queryTimeout = options.NameTimeout;
    private string? silentSession;

    /// <summary>Checks that no other live session has this agent's name.</summary>
    /// <exception cref="NameTakenException">Another session answered.</exception>
    public Task QueryAsync(CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            if (options.Alone)
                return true;
            var known = await FindAsync(cancellationToken);
            if (identity.Earlier is not { IsProven: true } || IsCopy(known))
                await QueryAsync(known, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>Acquires the name.</summary>
    /// <param name="createRecord">Creates this agent's record from the previous owner's.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="NameTakenException">Another agent owns the name, and is alive.</exception>
    public Task AcquireAsync(Func<AgentInfo?, AgentInfo> createRecord, CancellationToken cancellationToken) =>
        RetryAsync(() => TryAcquireAsync(createRecord, cancellationToken), cancellationToken);

    // False when somebody else changed the key meanwhile; the caller starts again.
    private async Task<bool> TryAcquireAsync(Func<AgentInfo?, AgentInfo> createRecord, CancellationToken cancellationToken)
    {
        var entry = await transport.Hosts.GetAsync(identity.Key, cancellationToken);
        var known = HostRecords.TryRead(entry);
        // An earlier put whose answer was lost.
        if (known?.Session == identity.Session)
            return true;
        if (known is not null && known.Ledger != identity.Ledger && known.StoppedAt is null)
            await WaitForExpiryAsync(known, cancellationToken);
        // Another copy may have registered since the query.
        else if (IsCopy(known))
            await QueryAsync(known, cancellationToken);
        if (await transport.Hosts.PutAsync(identity.Key, JobJson.Bytes(createRecord(known)), entry?.Revision ?? 0, cancellationToken) is null)
            return false;
        // If that one runs after all, and was only too slow to answer, it checks its record at once and stops.
        if (known is not null)
            await transport.Signals.SendAsync(Subjects.RecordChanged(identity.Key), ReadOnlyMemory<byte>.Empty, cancellationToken);
        return true;
    }

    private async Task<AgentInfo?> FindAsync(CancellationToken cancellationToken) => HostRecords.TryRead(await transport.Hosts.GetAsync(identity.Key, cancellationToken));

    // Registered with this agent's ledger by a session that is not known to have ended.
    private bool IsCopy(AgentInfo? known) =>
        !options.Alone && known is not null && known.Ledger == identity.Ledger && known.Session != silentSession && !identity.IsOwnSession(known.Session);

    private async Task QueryAsync(AgentInfo? known, CancellationToken cancellationToken)
    {
        LogQuerying(identity.Hostname, queryTimeout.TotalSeconds);
        AgentClaim claim = new() { Ledger = identity.Ledger, Session = identity.Session, Address = host.ReadAddress() };
        // Several times, because a starting agent may not listen yet.
        if (await ListenForHeartbeatAsync(Subjects.Claim(identity.Key), JobJson.Bytes(claim), MaxQueries, queryTimeout / MaxQueries, received => received.Session != identity.Session, cancellationToken) is { } other)
            throw ToNameTaken(other.Ledger, other.Session, known);
        silentSession = known?.Session;
    }

    private async Task WaitForExpiryAsync(AgentInfo other, CancellationToken cancellationToken)
    {
        LogWaiting(identity.Hostname, other.Ledger, (HeartbeatSender.Interval * SilentHeartbeats).TotalSeconds);
        // A live agent answers at once; otherwise wait for its next heartbeat.
        if (await ListenForHeartbeatAsync(Subjects.Ping, ReadOnlyMemory<byte>.Empty, SilentHeartbeats, HeartbeatSender.Interval, received => received.Ledger == other.Ledger, cancellationToken) is { } received)
            throw ToNameTaken(received.Ledger, received.Session, other);
        LogTakenOver(identity.Hostname, other.Ledger);
    }

    // Sends the request several times, and waits each time for a heartbeat of the name; null when there is none.
    private async Task<AgentHeartbeat?> ListenForHeartbeatAsync(
        string requestSubject, ReadOnlyMemory<byte> payload, int times, TimeSpan wait, Predicate<AgentHeartbeat> predicate, CancellationToken cancellationToken)
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var heartbeat = ListenAsync(predicate, listening.Token);
        try
        {
            for (var turn = 0; turn < times; turn++)
            {
                await transport.Signals.SendAsync(requestSubject, payload, cancellationToken);
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

    private async Task<AgentHeartbeat> ListenAsync(Predicate<AgentHeartbeat> predicate, CancellationToken cancellationToken)
    {
        var subject = Subjects.Heartbeat(identity.Key);
        await foreach (var signal in transport.Signals.ListenAsync(subject, cancellationToken))
            if (signal.Subject == subject && JobJson.TryParseHeartbeat(signal.Payload) is { } received && predicate(received))
                return received;
        // Without a heartbeat the enumeration ends only with the store.
        throw new TransportException("the store is closed");
    }

    private async Task RetryAsync(Func<Task<bool>> tryAsync, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await tryAsync())
                    return;
                continue;
            }
            catch (TransportException exception)
            {
                queryTimeout = queryTimeout > TimeoutAfterInterruption ? queryTimeout : TimeoutAfterInterruption;
                LogStoreUnavailable(exception.Message);
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private NameTakenException ToNameTaken(string ledger, string session, AgentInfo? known)
    {
        var now = transport.ServerNow;
        var machine = known?.Ledger == ledger && known.MachineId is { } id ? $", machine {id}" : "";
        var advice = ledger == identity.Ledger
            ? $"It has the same ledger as this agent: this is a copy of its machine or of its state directory. Remove the directory {options.LedgerDirectory} here, and give this agent another name."
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
    private partial void LogStoreUnavailable(string reason);
}
