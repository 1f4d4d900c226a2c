using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Agents;

/// <summary>
/// The decisions of operators about hosts. The roster is in the store and on each controller's disk; the highest version of each entry applies. When a store
/// returns without its roster, or with an older one, the roster is restored first; until then no job is accepted.
/// </summary>
internal sealed partial class RosterReconciler(ITransport transport, RosterEntries entries, RosterPeers peers, RosterMarker marker, KeyChange keys, TimeProvider time, ILogger<RosterReconciler> logger) : BackgroundService
{
    /// <summary>The time for which a controller that finds a new roster waits for controllers with newer entries.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait for a controller that is heard and does not write its entries.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);

    private readonly RosterWriter writer = new(transport, entries, keys);
    private string? obstacle = "the roster has not been read yet";

    /// <summary>The reason why no job can be accepted; null when jobs can be accepted.</summary>
    public string? Obstacle => Volatile.Read(ref obstacle);

    /// <exception cref="TransportException">The roster is not complete, so that a drained host could get work.</exception>
    public void RequireComplete()
    {
        if (Obstacle is { } reason)
            throw new TransportException($"no job is accepted at the moment: {reason}");
    }

    /// <summary>The keys of the enrolled hosts.</summary>
    public IHostKeys Keys => entries.Keys;

    /// <inheritdoc cref="RosterEntries.Count"/>
    public int Count => entries.Count;

    /// <inheritdoc cref="RosterEntries.Find"/>
    public RosterEntry? Find(string hostKey) => entries.Find(hostKey);

    /// <summary>Completes when the entries of the store and of this disk are known.</summary>
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

    /// <inheritdoc cref="RosterWriter.ChangeAsync"/>
    public Task<bool> ChangeAsync(string name, Func<RosterEntry, RosterEntry> change, CancellationToken cancellationToken)
    {
        RequireComplete();
        return writer.ChangeAsync(name, change, cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RetryLoop retry = new(time, RetryDelay)
        {
            Failed = exception => Volatile.Write(ref obstacle, $"the roster cannot be read: {exception.Message}"),
        };
        return retry.RunAsync(() => FollowAsync(stoppingToken), LogLostOnce, stoppingToken);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (Obstacle is not null)
            await RestoreAsync(cancellationToken);
        await foreach (var entry in transport.Roster.WatchAsync(cancellationToken))
            await ApplyAsync(entry, cancellationToken);
    }

    // The first reason is enough until the store is available again.
    private void LogLostOnce(string reason)
    {
        if (Obstacle is null)
            LogLost(reason);
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        await peers.AnnounceAsync(null, cancellationToken);
        var index = await marker.ReadAsync(isMember: entries.RosterId is not null, cancellationToken);
        foreach (var stored in await transport.Roster.ListAsync(cancellationToken))
            entries.Read(stored);
        if (index is null)
            await TakeOverAsync(cancellationToken);
        var written = 0;
        foreach (var (key, entry) in entries.All)
            if (await WriteAsync(key, entry, cancellationToken))
                written++;
        var found = (index ?? await marker.CompleteAsync(cancellationToken)).Id;
        if (written > 0)
            LogWritten(written);
        await SettleAsync(found, cancellationToken);
        entries.MarkWrittenTo(found);
        await TellKeysAsync(cancellationToken);
        await keys.ResealFilesAsync(transport, cancellationToken);
        Volatile.Write(ref obstacle, null);
    }

    // Agents learn of changed keys from their entries.
    private async Task TellKeysAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, entry) in entries.All)
            if (!ReferenceEquals(keys.Stamp(entry), entry) && await writer.ChangeAsync(entry.Name, static known => known, cancellationToken))
                await transport.Signals.SendAsync(Subjects.RecordChanged(key), default, cancellationToken);
    }

    // A roster that is new to this controller may replace a lost one, and other controllers may have newer entries of it.
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
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        foreach (var record in await transport.Hosts.ListAsync(cancellationToken))
            if (HostRecords.TryRead(record) is { Drain: { } drain, Hostname: { } name } && HostKey.Of(name) == record.Key
                && entries.TryAdd(record.Key, new() { Name = name, Drain = drain, Version = 1 }))
                LogTakenOver(name);
    }

    // The higher version of the stored and the known entry is kept.
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
        else if (stored.IsForged)
            await RepairAsync(stored, cancellationToken);
    }

    // Agents do not believe it, and would not take work from the queue before they know that there is no entry.
    private async Task RepairAsync(KeyValue forged, CancellationToken cancellationToken)
    {
        if (Roster.IsHost(forged.Key) && entries.FindKnown(forged.Key) is null)
            await transport.Roster.DeleteAsync(forged.Key, cancellationToken);
        else if (forged.Key == Roster.IndexKey && entries.RosterId is { } id)
            await marker.RepairAsync(id, forged, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No job is accepted until the roster can be read again: {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Restored {Count} roster entries that were missing or outdated in the store")]
    private partial void LogWritten(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Copied the drain of {Hostname} from its record into the roster")]
    private partial void LogTakenOver(string hostname);
}
