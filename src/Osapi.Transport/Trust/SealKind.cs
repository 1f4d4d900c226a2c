namespace Osapi.Transport.Trust;

/// <summary>The readers of an envelope's body. The numbers are written.</summary>
internal enum SealKind : byte
{
    /// <summary>Everybody: the body is clear.</summary>
    None = 0,

    /// <summary>The controllers, among whom it is written.</summary>
    Controllers = 1,

    /// <summary>One host, and the controllers, of which one wrote it.</summary>
    ToHost = 2,

    /// <summary>The controllers, and the host that wrote it.</summary>
    FromHost = 3,

    /// <summary>The controllers and several hosts, for each of which the key of the body is wrapped.</summary>
    ToHosts = 4,
}
