using NATS.Client.Core;

namespace Osapi.Transport.Nats;

/// <summary>
/// Tells messages that a sender published from copies that the broker made for somebody who named a stream's subject as
/// the place for his answer: no permission covers that place. A copy is read as an empty message, which nobody understands.
/// </summary>
internal static class StoredCopy
{
    /// <summary>The header that the broker adds to what it hands out by a direct get, and that no publisher sets.</summary>
    public const string Header = "Nats-Stream";

    /// <summary>The content of a message; empty when it is a copy.</summary>
    public static byte[] Content(NatsHeaders? headers, byte[]? data) => headers is not null && headers.ContainsKey(Header) ? [] : data ?? [];
}
