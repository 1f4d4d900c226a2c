using NATS.Client.Core;

namespace Osapi.Transport.Nats;

/// <summary>Distinguishes published messages from copies that the broker makes.</summary>
/// <remarks>
/// A client that names a stream's subject as its reply address makes the broker store a copy there, and no permission
/// prevents that. A copy is read as an empty message, which is ignored as invalid.
/// </remarks>
internal static class StoredCopy
{
    /// <summary>The header that the broker adds to direct-get answers and that no publisher sets.</summary>
    public const string Header = "Nats-Stream";

    /// <summary>Gets the content of a message; empty when it is a copy.</summary>
    public static byte[] Content(NatsHeaders? headers, byte[]? data) => headers is not null && headers.ContainsKey(Header) ? [] : data ?? [];
}
