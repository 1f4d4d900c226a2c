using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>
/// The other controllers that can be heard, and whether each has written its words into the roster that is there now. When a store was
/// lost, no controller accepts jobs before every one that lives has written what it knows.
/// </summary>
internal sealed class RosterPeers(ITransport transport, TimeProvider time) : BackgroundService
{
    private const int MaxPeers = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExpiresAfter = 3 * Interval;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly string id = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, (string? Roster, long At)> heard = new();
    private string? mine;

    /// <summary>True when a controller that lives has not written into the roster yet.</summary>
    public bool IsAnyBehind(string roster) => heard.Values.Any(peer => peer.Roster != roster && time.GetElapsedTime(peer.At) < ExpiresAfter);

    /// <summary>Tells the others which roster this controller has written its words into, null for none, and asks them for the same.</summary>
    public Task AnnounceAsync(string? roster, CancellationToken cancellationToken)
    {
        Volatile.Write(ref mine, roster);
        return SendAsync(asks: true, cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        transport.IsShared
            ? Task.WhenAll(
                // Of a connection that is interrupted others tell; the controllers are heard again after it.
                new RetryLoop(time, RetryDelay).RunAsync(() => ListenAsync(stoppingToken), static _ => { }, stoppingToken),
                PeriodicLoop.RunAsync(Interval, time, token => SendAsync(asks: false, token), stoppingToken))
            : Task.CompletedTask;

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Controllers, cancellationToken))
            await ReceiveAsync(signal, cancellationToken);
    }

    private async Task ReceiveAsync(Signal signal, CancellationToken cancellationToken)
    {
        var peer = signal.Subject[Subjects.Controllers.Length..];
        if (peer == id || TryRead(signal.Payload) is not { } beat)
            return;
        foreach (var gone in heard.Where(other => time.GetElapsedTime(other.Value.At) >= ExpiresAfter).ToList())
            heard.TryRemove(gone.Key, out _);
        if (heard.Count < MaxPeers || heard.ContainsKey(peer))
            heard[peer] = (beat.Roster, time.GetTimestamp());
        if (beat.RequestsReply)
            await SendAsync(asks: false, cancellationToken);
    }

    private async Task SendAsync(bool asks, CancellationToken cancellationToken)
    {
        if (!transport.IsShared)
            return;
        try
        {
            RosterAnnouncement beat = new() { Roster = Volatile.Read(ref mine), RequestsReply = asks };
            await transport.Signals.SendAsync(Subjects.Controller(id), JsonSerializer.SerializeToUtf8Bytes(beat, RosterFileJson.Default.RosterAnnouncement), cancellationToken);
        }
        catch (TransportException)
        {
            // The next one comes in a few seconds.
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
    /// <summary>The id of the roster that it has written its words into; null while it has not.</summary>
    public string? Roster { get; init; }

    /// <summary>True when the others are asked for the same.</summary>
    public bool RequestsReply { get; init; }
}
