namespace Osapi.Transport.Trust;

/// <summary>A payload after its envelope was checked.</summary>
/// <param name="Body">The body; empty for a rejected one.</param>
/// <param name="Signer">Its writer.</param>
/// <param name="Rejection">The reason why nothing may believe it; null when it may be read.</param>
/// <param name="IsForOthers">True for a rejected one that only others can check or read.</param>
internal readonly record struct OpenedPayload(ReadOnlyMemory<byte> Body, MessageSigner Signer, string? Rejection = null, bool IsForOthers = false)
{
    /// <summary>The time of this host in an envelope of the controllers; null for none.</summary>
    public CommandEcho? Echo { get; init; }

    public static OpenedPayload Unsigned(ReadOnlyMemory<byte> body) => new(body, default);

    public static OpenedPayload Rejected(string reason) => new(default, default, reason);

    public static OpenedPayload ForOthers(string reason) => new(default, default, reason, IsForOthers: true);
}
