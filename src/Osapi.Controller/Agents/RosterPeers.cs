using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>
/// The other running controllers, and whether each has written its entries into the current roster. After the loss of a store, no
/// controller accepts jobs before all running controllers have written their entries.
/// </summary>
internal sealed class RosterPeers(ITransport transport, TimeProvider time) : BackgroundService
{
    private const int MaxPeers = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExpiresAfter = 3 * Interval;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly string id = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, (string? Roster, long At)> announcements = new();
    private string? ownRoster;

    /// <summary>True when a running controller has not written its entries into the roster yet.</summary>
    public bool IsAnyBehind(string roster) => announcements.Values.Any(peer => peer.Roster != roster && time.GetElapsedTime(peer.At) < ExpiresAfter);

    /// <summary>Announces the roster that this controller has written its entries into, null for none, and requests the same from the others.</summary>
    public Task AnnounceAsync(string? roster, CancellationToken cancellationToken)
    {
        Volatile.Write(ref ownRoster, roster);
        return SendAsync(requestsReply: true, cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        transport.IsShared
            ? Task.WhenAll(
                // The interruption of the connection is reported elsewhere; afterwards the controllers announce themselves again.
                new RetryLoop(time, RetryDelay).RunAsync(() => ListenAsync(stoppingToken), static _ => { }, stoppingToken),
                PeriodicLoop.RunAsync(Interval, time, token => SendAsync(requestsReply: false, token), stoppingToken))
            : Task.CompletedTask;

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Controllers, cancellationToken))
            await ReceiveAsync(signal, cancellationToken);
    }

    private async Task ReceiveAsync(Signal signal, CancellationToken cancellationToken)
    {
        var peer = signal.Subject[Subjects.Controllers.Length..];
        if (peer == id || TryRead(signal.Payload) is not { } announcement)
            return;
        foreach (var expired in announcements.Where(other => time.GetElapsedTime(other.Value.At) >= ExpiresAfter).ToList())
            announcements.TryRemove(expired.Key, out _);
        if (announcements.Count < MaxPeers || announcements.ContainsKey(peer))
            announcements[peer] = (announcement.Roster, time.GetTimestamp());
        if (announcement.RequestsReply)
            await SendAsync(requestsReply: false, cancellationToken);
    }

    private async Task SendAsync(bool requestsReply, CancellationToken cancellationToken)
    {
        if (!transport.IsShared)
            return;
        try
        {
            RosterAnnouncement announcement = new() { Roster = Volatile.Read(ref ownRoster), RequestsReply = requestsReply };
            await transport.Signals.SendAsync(Subjects.Controller(id), JsonSerializer.SerializeToUtf8Bytes(announcement, RosterFileJson.Default.RosterAnnouncement), cancellationToken);
        }
        catch (TransportException)
        {
            // The next announcement follows in a few seconds.
        }
    }

    private static RosterAnnouncement? TryRead(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload.Span, RosterFileJson.Default.RosterAnnouncement);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The announcement of a controller's roster version to the others.</summary>
internal sealed record RosterAnnouncement
{
    /// <summary>The id of the roster that it has written its entries into; null before.</summary>
    public string? Roster { get; init; }

    /// <summary>True when the others should announce theirs.</summary>
    public bool RequestsReply { get; init; }
}
