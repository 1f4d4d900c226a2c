using Osapi.Transport.Trust;

namespace Osapi.Transport;

/// <summary>A durable bucket of small values; only the newest value of a key is kept.</summary>
public interface IKeyValues
{
    /// <summary>Stores a value.</summary>
    /// <param name="key">Letters, digits, <c>-</c>, <c>_</c>, <c>=</c> and <c>.</c>.</param>
    /// <param name="value">The value.</param>
    /// <param name="expectedRevision">The revision the key must have, 0 for a key without a value; null for no condition.</param>
    /// <param name="cancellationToken">Abandons the call; the value may still be stored.</param>
    /// <returns>The new revision; null when the condition did not hold.</returns>
    Task<long?> PutAsync(string key, ReadOnlyMemory<byte> value, long? expectedRevision, CancellationToken cancellationToken);

    /// <summary>Gets the value of a key; null when it has none.</summary>
    Task<KeyValue?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes a key; does nothing when it has no value.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Gets every key with its value.</summary>
    Task<IReadOnlyList<KeyValue>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Enumerates every key with its value, then each change as it happens, until cancelled. A removed key comes with
    /// an empty value.
    /// </summary>
    /// <remarks>
    /// Changes come in order and the newest change of a key always comes; older ones of the same key may be skipped.
    /// </remarks>
    IAsyncEnumerable<KeyValue> WatchAsync(CancellationToken cancellationToken);
}

/// <summary>A key and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; empty when the key was removed.</param>
/// <param name="Revision">Grows with every change in the bucket.</param>
public sealed record KeyValue(string Key, ReadOnlyMemory<byte> Value, long Revision)
{
    /// <inheritdoc cref="Message.Signer"/>
    public MessageSigner Signer { get; init; }

    /// <summary>The reason why nothing may believe the value, which is then a byte that no parser accepts; null for one that may be read.</summary>
    public string? Rejection { get; init; }

    /// <inheritdoc cref="Message.IsForOthers"/>
    public bool IsForOthers { get; init; }

    /// <summary>True for a value that nobody who may write it has written.</summary>
    public bool IsForged => Rejection is not null && !IsForOthers;
}
