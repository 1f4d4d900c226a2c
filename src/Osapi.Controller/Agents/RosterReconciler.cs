using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>
/// Keeps the roster consistent between the store and each controller's disk; of each entry the highest version counts.
/// </summary>
/// <remarks>
/// A store that comes back without its roster, or with an older one, is written again, and until then no job is
/// accepted.
/// </remarks>
internal sealed partial class RosterReconciler(ITransport transport, RosterEntries entries, RosterPeers peers, TimeProvider time, ILogger<RosterReconciler> logger) : BackgroundService
{
    /// <summary>The time for which a controller that finds a new roster listens for others that know more.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    /// <summary>The maximum wait for a live controller that has not written its entries.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);

    private string? obstacle = "the roster has not been read yet";

    /// <summary>The reason why no job can be accepted; null when jobs are accepted.</summary>
    public string? UnavailableReason => Volatile.Read(ref obstacle);

    /// <exception cref="TransportException">The roster is incomplete, so that a drained host could be given work.</exception>
    public void RequireComplete()
    {
        if (UnavailableReason is { } reason)
            throw new TransportException($"no job is accepted at the moment: {reason}");
    }

    /// <inheritdoc cref="RosterEntries.Find"/>
    public RosterEntry? Find(string hostKey) => entries.Find(hostKey);

    /// <summary>Completes when the entries of the store and of this disk are merged.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        entries.Load();
        await peers.StartAsync(cancellationToken);
        await RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await peers.StopAsync(cancellationToken);
    }

    /// <summary>Changes the drain of a host.</summary>
    /// <param name="name">The host.</param>
    /// <param name="drain">Computes the new drain from the current one; called again after a lost race.</param>
    /// <param name="cancellationToken">Abandons the call; the change may still be made.</param>
    /// <returns>True when the drain changed.</returns>
    public async Task<bool> ChangeAsync(string name, Func<AgentDrain?, AgentDrain?> drain, CancellationToken cancellationToken)
    {
        RequireComplete();
        var key = HostKey.Of(name);
        while (true)
        {
            var stored = await transport.Roster.GetAsync(key, cancellationToken);
            var read = Roster.TryRead(stored);
            if (read is null && stored is { Value.IsEmpty: false })
                throw new OperationException(ErrorType.Conflict, $"the roster entry of {name} is invalid, or was written by a newer version; it is not overwritten (docs/nats.md)");
            var known = NewerEntries(read, entries.FindKnown(key));
            var next = drain(known?.Drain);
            if (next == known?.Drain)
            {
                if (read is not null)
                    entries.Apply(key, read);
                return false;
            }

            RosterEntry entry = new() { Name = name, Drain = next, Version = (known?.Version ?? 0) + 1 };
            if (await transport.Roster.PutAsync(key, Roster.Bytes(entry), stored?.Revision ?? 0, cancellationToken) is null)
                continue;
            entries.Apply(key, entry);
            return true;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                if (UnavailableReason is not null)
                    await RestoreAsync(stoppingToken);
                await foreach (var entry in transport.Roster.WatchAsync(stoppingToken))
                    await ApplyAsync(entry, stoppingToken);
                return;
            }
            catch (TransportException exception)
            {
                // Logged once: the state is the same until the store is back.
                if (UnavailableReason is null)
                    LogLost(exception.Message);
                Volatile.Write(ref obstacle, $"the roster cannot be read: {exception.Message}");
            }

            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        await peers.AnnounceAsync(null, cancellationToken);
        var index = Roster.TryReadIndex(await transport.Roster.GetAsync(Roster.IndexKey, cancellationToken));
        foreach (var stored in await transport.Roster.ListAsync(cancellationToken))
            entries.Read(stored);
        if (index is null)
            await ImportDrainsAsync(cancellationToken);
        var written = 0;
        foreach (var (key, entry) in entries.All)
            if (await WriteAsync(key, entry, cancellationToken))
                written++;
        var found = (index ?? await CompleteAsync(cancellationToken)).Id;
        if (written > 0)
            LogWritten(written);
        await SettleAsync(found, cancellationToken);
        entries.MarkWrittenTo(found);
        Volatile.Write(ref obstacle, null);
    }

    // An unknown roster may replace one that was lost, and other controllers may know more of its entries.
    private async Task SettleAsync(string found, CancellationToken cancellationToken)
    {
        await peers.AnnounceAsync(found, cancellationToken);
        if (!transport.IsShared || found == entries.RosterId)
            return;
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) is var waited && (waited < SettleTime || (peers.IsAnyBehind(found) && waited < MaxWait)))
            await Task.Delay(CheckInterval, time, cancellationToken);
        foreach (var stored in await transport.Roster.ListAsync(cancellationToken))
            entries.Read(stored);
    }

    // Versions before 0.2 kept the drain in the host's own record.
    private async Task ImportDrainsAsync(CancellationToken cancellationToken)
    {
        foreach (var record in await transport.Hosts.ListAsync(cancellationToken))
            if (HostRecords.TryRead(record) is { Drain: { } drain, Hostname: { } name } && HostKey.Of(name) == record.Key
                && entries.TryAdd(record.Key, new() { Name = name, Drain = drain, Version = 1 }))
                LogTakenOver(name);
    }

    private async Task<RosterIndex> CompleteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            RosterIndex index = new() { Id = Guid.NewGuid().ToString("N") };
            var stored = await transport.Roster.GetAsync(Roster.IndexKey, cancellationToken);
            if (Roster.TryReadIndex(stored) is { } others)
                return others;
            if (await transport.Roster.PutAsync(Roster.IndexKey, Roster.Bytes(index), stored?.Revision ?? 0, cancellationToken) is not null)
                return index;
        }
    }

    // The higher version of the stored and the known entry is kept in the store.
    private async Task<bool> WriteAsync(string key, RosterEntry entry, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await transport.Roster.GetAsync(key, cancellationToken);
            if (Roster.VersionOf(stored) >= entry.Version)
                return false;
            if (await transport.Roster.PutAsync(key, Roster.Bytes(entry), stored?.Revision ?? 0, cancellationToken) is not null)
                return true;
        }
    }

    private async Task ApplyAsync(KeyValue stored, CancellationToken cancellationToken)
    {
        entries.Read(stored);
        if (stored.Key != Roster.IndexKey && entries.FindKnown(stored.Key) is { } known && Roster.VersionOf(stored) < known.Version
            && await WriteAsync(stored.Key, known, cancellationToken))
            LogWritten(1);
    }

    private static RosterEntry? NewerEntries(RosterEntry? one, RosterEntry? other) => one is null || other?.Version > one.Version ? other : one;

    [LoggerMessage(Level = LogLevel.Warning, Message = "No job is accepted until the roster can be read again: {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Restored {Count} roster entries that were missing or outdated in the store")]
    private partial void LogWritten(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Copied the drain of {Hostname} from its record into the roster")]
    private partial void LogTakenOver(string hostname);
}
