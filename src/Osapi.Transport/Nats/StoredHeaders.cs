using System.Text;

namespace Osapi.Transport.Nats;

/// <summary>The headers of a stored message, as the broker gives them: base64 of the lines on the wire.</summary>
internal static class StoredHeaders
{
    public const string MessageId = "Nats-Msg-Id";

    /// <summary>The value of a header; null when the message has none of that name.</summary>
    public static string? Find(string? headers, string name) =>
        headers is null ? null : Encoding.ASCII.GetString(Convert.FromBase64String(headers)).Split("\r\n")
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();
}
