using System.Text;

namespace Osapi.Transport.Nats;

/// <summary>The headers of a stored message in the broker's format: base64 of the header lines.</summary>
internal static class StoredHeaders
{
    public const string MessageId = "Nats-Msg-Id";

    /// <summary>Finds the value of a header; null when the message has none of that name.</summary>
    public static string? Find(string? headers, string name) =>
        headers is null ? null : Encoding.ASCII.GetString(Convert.FromBase64String(headers)).Split("\r\n")
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();
}
