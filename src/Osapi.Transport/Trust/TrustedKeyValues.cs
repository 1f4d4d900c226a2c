using System.Runtime.CompilerServices;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Trust;

/// <summary>A bucket whose values are authenticated.</summary>
internal sealed class TrustedKeyValues(IKeyValues carrier, EnvelopePlace place, TrustParty party, SkippedMessages skipped) : IKeyValues
{
    // A removed key has an empty value, and an invalid value must not look like a removal.
    private static readonly byte[] Invalid = [EnvelopeFormat.Magic];

    private string Reader => place == EnvelopePlace.Hosts ? "hosts" : "roster";

    public Task<long?> PutAsync(string key, ReadOnlyMemory<byte> value, long? expectedRevision, CancellationToken cancellationToken) =>
        carrier.PutAsync(key, party.Seal(place, key, value), expectedRevision, cancellationToken);

    public async Task<KeyValue?> GetAsync(string key, CancellationToken cancellationToken) => await carrier.GetAsync(key, cancellationToken) is { } value ? Open(value) : null;

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => carrier.DeleteAsync(key, cancellationToken);

    public async Task<IReadOnlyList<KeyValue>> ListAsync(CancellationToken cancellationToken) => [.. (await carrier.ListAsync(cancellationToken)).Select(Open)];

    public async IAsyncEnumerable<KeyValue> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var value in carrier.WatchAsync(cancellationToken))
            yield return Open(value);
    }

    private KeyValue Open(KeyValue value)
    {
        if (value.Value.IsEmpty)
            return value;
        var opened = party.Open(place, value.Key, value.Value, time: null);
        if (opened.Rejection is null)
            return value with { Value = opened.Body, Signer = opened.Signer };
        // A forger chooses the key as well: all of them count as one sender.
        skipped.Add(Reader, Reader, value.Key, value.Revision, opened.Rejection);
        return value with { Value = Invalid, Rejection = opened.Rejection, IsForOthers = opened.IsForOthers };
    }
}
