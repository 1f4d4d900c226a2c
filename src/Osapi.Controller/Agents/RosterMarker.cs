using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Agents;

/// <summary>The marker of a complete roster. It names the key of the controllers that the store belongs to.</summary>
internal sealed class RosterMarker(ITransport transport, KeyChange keys)
{
    private string Own => keys.Present;

    /// <summary>Reads the marker; null when there is none.</summary>
    /// <param name="isMember">True when this controller was part of the store before: then a marker that is not signed was forged, and does not count.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="TransportException">The store belongs to controllers with another key: neither would understand the other.</exception>
    public async Task<RosterIndex?> ReadAsync(bool isMember, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await transport.Roster.GetAsync(Roster.IndexKey, cancellationToken);
            if (stored is { IsForged: true } && !isMember)
                throw Foreign("another key");
            if (Roster.TryReadIndex(stored) is not { } index)
                return null;
            if (index.Controllers is { } controllers && !keys.Replaces(controllers))
            {
                if (!keys.Knows(controllers))
                    throw Foreign($"the key {controllers}");
                keys.Follow(controllers);
                return index;
            }

            if (await TryPutAsync(index = index with { Controllers = Own }, stored, cancellationToken))
                return index;
        }
    }

    /// <summary>Writes the marker, or reads the one that another controller has written.</summary>
    public async Task<RosterIndex> CompleteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await transport.Roster.GetAsync(Roster.IndexKey, cancellationToken);
            if (Roster.TryReadIndex(stored) is not null && await ReadAsync(isMember: true, cancellationToken) is { } others)
                return others;
            RosterIndex index = new() { Id = Guid.NewGuid().ToString("N"), Controllers = Own };
            if (await TryPutAsync(index, stored, cancellationToken))
                return index;
        }
    }

    /// <summary>Writes the marker over a forged one.</summary>
    public Task RepairAsync(string id, KeyValue forged, CancellationToken cancellationToken) =>
        TryPutAsync(new() { Id = id, Controllers = Own }, forged, cancellationToken);

    private async Task<bool> TryPutAsync(RosterIndex index, KeyValue? stored, CancellationToken cancellationToken) =>
        await transport.Roster.PutAsync(Roster.IndexKey, Roster.Bytes(index), stored?.Revision ?? 0, cancellationToken) is not null;

    private TransportException Foreign(string other) =>
        new($"the store belongs to controllers with {other}, and this one has {Own}: copy {ControllerKeys.FileName} from one of them, because all controllers of a system need the same one");
}
