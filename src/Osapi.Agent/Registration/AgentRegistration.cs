using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>This agent's record, and its own part of it.</summary>
/// <remarks>
/// Every read also checks that this agent still owns the name: an agent that was suspended for long may find that
/// another one has taken it, and must stop.
/// </remarks>
internal sealed partial class AgentRegistration(ITransport transport, AgentIdentity identity, AgentInfo first, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private volatile AgentInfo? last;

    /// <summary>Creates this session's record for taking the name, based on the previous owner's.</summary>
    public AgentInfo Begin(AgentInfo? before)
    {
        var now = transport.ServerNow;
        if (before is null)
            return (first with { RegisteredAt = now, StartedAt = now, UpdatedAt = now }).WithEvent("registered", $"Registered with the ledger {identity.Ledger}", now);

        // The drain in a record of an earlier version stays there until a controller has copied it into the roster.
        var record = first with { StartedAt = now, UpdatedAt = now, Drain = before.Drain, CordonedAt = before.CordonedAt, CordonedVersion = before.CordonedVersion, Timeline = before.Timeline };
        return before.Ledger == identity.Ledger
            ? (record with { RegisteredAt = before.RegisteredAt, Facts = before.Facts, Conditions = before.Conditions }).WithEvent("started", "Started", now)
            : (record with { RegisteredAt = now }).WithEvent("taken_over", $"Taken over from the ledger {before.Ledger}", now);
    }

    /// <summary>Reads the current record. An agent that was removed while it runs registers again.</summary>
    /// <exception cref="NameTakenException">Another agent owns the name.</exception>
    public Task<AgentInfo> RefreshAsync(CancellationToken cancellationToken) => RetryAsync(
        async () => await HostRecords.FindAsync(transport, identity.Key, cancellationToken) is { } known
            ? IsOwn(known)
            : await StoreAsync(static known => known, cancellationToken),
        cancellationToken);

    /// <summary>Changes this agent's own part of the record.</summary>
    /// <exception cref="NameTakenException">Another agent owns the name.</exception>
    public Task<AgentInfo> ChangeAsync(Func<AgentInfo, AgentInfo> change, CancellationToken cancellationToken) =>
        RetryAsync(() => StoreAsync(change, cancellationToken), cancellationToken);

    /// <summary>
    /// Records that this session has stopped and has published everything; a single attempt, because nobody waits long
    /// for it.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StoreAsync(known => (known with { StoppedAt = transport.ServerNow }).WithEvent("stopped", "Stopped", transport.ServerNow), cancellationToken);
        }
        catch (Exception exception) when (exception is TransportException or ObjectDisposedException or OperationCanceledException or NameTakenException)
        {
            // Everybody notices after three missed heartbeats anyway.
            LogNotStopped(exception.Message);
        }
    }

    private async Task<AgentInfo> StoreAsync(Func<AgentInfo, AgentInfo> change, CancellationToken cancellationToken)
    {
        AgentInfo? stored = null;
        await HostRecords.ChangeAsync(
            transport, identity.Key, known => stored = change(known is null ? Rewritten() : IsOwn(known)) with { UpdatedAt = transport.ServerNow }, cancellationToken);
        last = stored!;
        return stored!;
    }

    // The record was removed, or the store was lost: the facts and conditions of the host are still valid.
    private AgentInfo Rewritten() => last is null ? Begin(null) : Begin(null) with { Facts = last.Facts, Conditions = last.Conditions };

    private AgentInfo IsOwn(AgentInfo known) => known.Session == identity.Session ? known : throw new NameTakenException(
        identity.Hostname, known.Ledger, known.UpdatedAt,
        known.Ledger == identity.Ledger
            ? $"another agent runs as {identity.Hostname} with a copy of this agent's ledger ({identity.Ledger}) and registered at {known.StartedAt:yyyy-MM-dd HH:mm:ss}Z."
                + " A copied machine needs a ledger of its own: remove the copy's ledger directory, and give it another name."
            : $"the name {identity.Hostname} was taken over at {known.StartedAt:yyyy-MM-dd HH:mm:ss}Z by the agent with the ledger {known.Ledger}, because this agent was silent.");

    private async Task<T> RetryAsync<T>(Func<Task<T>> callAsync, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await callAsync();
            }
            catch (TransportException exception)
            {
                LogStoreUnavailable(exception.Message);
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The record of this agent cannot be read or written, trying again: {Reason}")]
    private partial void LogStoreUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stop of this agent cannot be recorded: {Reason}")]
    private partial void LogNotStopped(string reason);
}
