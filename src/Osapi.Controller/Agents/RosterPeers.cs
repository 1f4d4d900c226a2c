using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The other live controllers, and whether each has written its entries into the current roster.</summary>
/// <remarks>
/// When a store was lost, no controller accepts jobs before every live one has written the entries that it knows.
/// </remarks>
internal sealed class RosterPeers(ITransport transport, TimeProvider time) : BackgroundService
{
    private const int MaxPeers = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExpiresAfter = 3 * Interval;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly string id = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, (string? Roster, long At)> peers = new();
    private string? ownRoster;

    /// <summary>True when a live controller has not written into the roster yet.</summary>
    public bool IsAnyBehind(string roster) => peers.Values.Any(peer => peer.Roster != roster && time.GetElapsedTime(peer.At) < ExpiresAfter);

    /// <summary>
    /// Announces the roster that this controller has written its entries into, null for none, and asks the others to do
    /// the same.
    /// </summary>
    public Task AnnounceAsync(string? roster, CancellationToken cancellationToken)
    {
        Volatile.Write(ref ownRoster, roster);
        return SendAsync(requestsReply: true, cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        transport.IsShared ? Task.WhenAll(ListenAsync(stoppingToken), AnnouncePeriodicallyAsync(stoppingToken)) : Task.CompletedTask;

    private async Task AnnouncePeriodicallyAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await SendAsync(requestsReply: false, cancellationToken);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var signal in transport.Signals.ListenAsync(Subjects.Controllers, cancellationToken))
                    await ReceiveAsync(signal, cancellationToken);
                return;
            }
            catch (TransportException)
            {
                // The connection is interrupted; announcements arrive again after it.
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private async Task ReceiveAsync(Signal signal, CancellationToken cancellationToken)
    {
        var peer = signal.Subject[Subjects.Controllers.Length..];
        if (peer == id || TryRead(signal.Payload) is not { } announcement)
            return;
        foreach (var expired in peers.Where(other => time.GetElapsedTime(other.Value.At) >= ExpiresAfter).ToList())
            peers.TryRemove(expired.Key, out _);
        if (peers.Count < MaxPeers || peers.ContainsKey(peer))
            peers[peer] = (announcement.Roster, time.GetTimestamp());
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

/// <summary>An announcement of a controller about the roster.</summary>
internal sealed record RosterAnnouncement
{
    /// <summary>The id of the roster that it has written its entries into; null while it has not.</summary>
    public string? Roster { get; init; }

    /// <summary>True when the others are asked to announce theirs.</summary>
    public bool RequestsReply { get; init; }
}
