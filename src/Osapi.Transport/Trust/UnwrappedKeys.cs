namespace Osapi.Transport.Trust;

/// <summary>The newest wrapped keys that a reader has unwrapped: a controller uses each for many messages.</summary>
internal sealed class UnwrappedKeys : IDisposable
{
    private const int MaxKeys = 8;

    private readonly Lock gate = new();
    private readonly List<(byte[] Nonce, UnwrappedKey Key)> keys = [];

    /// <summary>Finds the key of an envelope that is known to be the controllers'; null when it is not wrapped for the reader.</summary>
    public UnwrappedKey? Find(ReadOnlySpan<byte> wraps, MessageKey reader)
    {
        lock (gate)
        {
            foreach (var (nonce, known) in keys)
                if (wraps.StartsWith(nonce))
                    return known;
            if (WrappedKey.Unwrap(wraps, reader) is not { } key)
                return null;
            // Not disposed, because another thread may use it at this moment.
            if (keys.Count == MaxKeys)
                keys.RemoveAt(0);
            keys.Add((wraps[..EnvelopeFormat.WrapNonceSize].ToArray(), key));
            return key;
        }
    }

    /// <summary>Checks the tag of an envelope for the reader. Nothing in the envelope is known to be true yet.</summary>
    public bool IsTag(ReadOnlySpan<byte> wraps, MessageKey reader, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> tag)
    {
        var number = SealingKey.NumberOf(wraps[^SealingKey.HeaderSize..]);
        lock (gate)
        {
            foreach (var (nonce, known) in keys)
                if (wraps.StartsWith(nonce))
                    return known.Tags.IsTag(number, digest, tag);
            using WrapTagKey tags = new(reader, wraps[..EnvelopeFormat.WrapNonceSize]);
            return tags.IsTag(number, digest, tag);
        }
    }

    public void Dispose()
    {
        lock (gate)
            foreach (var (_, key) in keys)
            {
                key.Sealing.Dispose();
                key.Tags.Dispose();
            }
    }
}
