namespace Osapi.Transport.Trust;

/// <summary>One side of the trust between controllers and agents: it seals what it writes, and checks what it reads.</summary>
internal abstract class TrustParty : IDisposable
{
    /// <summary>The largest number of bytes that an envelope adds to a body.</summary>
    public abstract int MaxOverhead { get; }

    /// <summary>The host that signs what this side writes; null for the controllers.</summary>
    public abstract string? Signer { get; }

    /// <summary>Gets the keys that can open the objects of a writer, the one to write with first; none when this side has none.</summary>
    /// <param name="signer">The host; null for the controllers.</param>
    public abstract IReadOnlyList<SealingKey> ObjectKeysOf(string? signer);

    /// <summary>Checks that an object that is not sealed is believed.</summary>
    public abstract bool AllowsUnsealed(string name, DateTimeOffset modified);

    /// <summary>Gets the payload to write for a body.</summary>
    public abstract ReadOnlyMemory<byte> Seal(EnvelopePlace place, string subject, ReadOnlyMemory<byte> body);

    /// <summary>Checks the exact bytes of a payload, and opens it.</summary>
    /// <param name="place">The place.</param>
    /// <param name="subject">The subject, the key or the name.</param>
    /// <param name="payload">The payload, which anybody may have written.</param>
    /// <param name="time">The time at which it was appended to its log, by the store's clock; null in a bucket and for a signal.</param>
    /// <param name="own">The body, where this process has just sealed it itself; null to open it.</param>
    public abstract OpenedPayload Open(EnvelopePlace place, string subject, ReadOnlyMemory<byte> payload, DateTimeOffset? time, ReadOnlyMemory<byte>? own = null);

    public abstract void Dispose();
}
