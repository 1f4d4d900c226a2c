using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// The stored record of this agent. Every read also checks that the name still belongs to this agent: after a long
/// suspension, another agent may have taken the name, and this one must stop.
/// </summary>
internal sealed partial class AgentRegistration(ITransport transport, AgentIdentity identity, AgentInfo first, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly RetryLoop retry = new(time, RetryDelay);
    private volatile AgentInfo? last;

    /// <summary>Creates the record of this session from the record of the name's earlier owner.</summary>
    public AgentInfo Begin(AgentInfo? before)
    {
        var begun = Create(before);
        last = begun;
        return begun;
    }

    /// <summary>Reads the current record. An agent that was removed while it runs registers again.</summary>
    /// <exception cref="NameTakenException">Another agent owns the name.</exception>
    public Task<AgentInfo> RefreshAsync(CancellationToken cancellationToken) => retry.RunAsync(
        async () => await HostRecords.FindAsync(transport, identity.Key, cancellationToken) is { } known && !IsEarlier(known)
            ? IsOwn(known)
            : await StoreAsync(static known => known, cancellationToken),
        LogNoStore,
        cancellationToken);

    /// <summary>Changes the record.</summary>
    /// <exception cref="NameTakenException">Another agent owns the name.</exception>
    public Task<AgentInfo> ChangeAsync(Func<AgentInfo, AgentInfo> change, CancellationToken cancellationToken) =>
        retry.RunAsync(() => StoreAsync(change, cancellationToken), LogNoStore, cancellationToken);

    /// <summary>Records that this session has ended and has published everything. It is tried once, because a stopping agent must not wait for the store.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StoreAsync(known => (known with { StoppedAt = transport.ServerNow }).WithEvent("stopped", "Stopped", transport.ServerNow), cancellationToken);
        }
        catch (Exception exception) when (exception is TransportException or ObjectDisposedException or OperationCanceledException or NameTakenException)
        {
            // Without the record, the agent counts as not ready after three heartbeat intervals.
            LogNotStopped(exception.Message);
        }
    }

    private AgentInfo Create(AgentInfo? before)
    {
        var now = transport.ServerNow;
        if (before is null)
            return (first with { RegisteredAt = now, StartedAt = now, UpdatedAt = now }).WithEvent("registered", $"Registered with the ledger {identity.Ledger}", now);

        // A drain in a record of an earlier version stays there until a controller has copied it into the roster.
        var record = first with { StartedAt = now, UpdatedAt = now, Drain = before.Drain, CordonedAt = before.CordonedAt, CordonedVersion = before.CordonedVersion, Timeline = before.Timeline };
        return before.Ledger == identity.Ledger
            ? (record with { RegisteredAt = before.RegisteredAt, Facts = before.Facts, Conditions = before.Conditions }).WithEvent("started", "Started", now)
            : (record with { RegisteredAt = now }).WithEvent("taken_over", $"Taken over from the ledger {before.Ledger}", now);
    }

    private async Task<AgentInfo> StoreAsync(Func<AgentInfo, AgentInfo> change, CancellationToken cancellationToken)
    {
        AgentInfo? stored = null;
        await HostRecords.ChangeAsync(
            transport, identity.Key, known => stored = change(known is null ? Rewritten() : IsEarlier(known) ? last! : IsOwn(known)) with { UpdatedAt = transport.ServerNow }, cancellationToken);
        last = stored!;
        return stored!;
    }

    // Somebody has stored a record once more that this agent, or the name's earlier owner, wrote before its newest one.
    private bool IsEarlier(AgentInfo known) =>
        last is { } newest && (known.Session == newest.Session ? known.UpdatedAt < newest.UpdatedAt : known.StartedAt < newest.StartedAt);

    // The record was removed, or the store was lost: the facts and conditions of the host are still valid.
    private AgentInfo Rewritten() => Create(null) with { Facts = last?.Facts, Conditions = last?.Conditions ?? [] };

    private AgentInfo IsOwn(AgentInfo known) => known.Session == identity.Session ? known : throw new NameTakenException(
        identity.Hostname, known.Ledger, known.UpdatedAt,
        known.Ledger == identity.Ledger
            ? $"another agent runs as {identity.Hostname} with a copy of this agent's ledger ({identity.Ledger}) and registered at {known.StartedAt:yyyy-MM-dd HH:mm:ss}Z."
                + " A copied machine needs its own ledger: remove the copy's ledger directory, and give it another name."
            : $"the name {identity.Hostname} was taken over at {known.StartedAt:yyyy-MM-dd HH:mm:ss}Z by the agent with the ledger {known.Ledger}, because this agent was silent.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "The record of this agent cannot be read or written, trying again: {Reason}")]
    private partial void LogNoStore(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stop of this agent cannot be recorded: {Reason}")]
    private partial void LogNotStopped(string reason);
}
