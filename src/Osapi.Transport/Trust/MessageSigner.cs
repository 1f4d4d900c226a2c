namespace Osapi.Transport.Trust;

/// <summary>The authenticated writer of a message: nobody, the controllers, or one host.</summary>
public readonly record struct MessageSigner
{
    private MessageSigner(bool isControllers, string? hostKey) => (IsControllers, HostKey) = (isControllers, hostKey);

    /// <summary>The controllers of the system.</summary>
    public static MessageSigner Controllers { get; } = new(isControllers: true, hostKey: null);

    /// <summary>True when a controller wrote it.</summary>
    public bool IsControllers { get; }

    /// <summary>The host that wrote it; null when no host did.</summary>
    public string? HostKey { get; }

    /// <summary>True when nobody is known to have written it.</summary>
    public bool IsNone => !IsControllers && HostKey is null;

    /// <summary>Creates the signer of what a host wrote.</summary>
    public static MessageSigner Host(string hostKey) => new(isControllers: false, hostKey);
}
