using System.Net;
using System.Text.Json;

namespace Osapi.Transport.Jobs;

/// <summary>
/// A query for a live agent with a name, sent by another agent that is about to take over the name. It is
/// never stored; the agent that owns the name answers with a heartbeat.
/// </summary>
public sealed record AgentClaim
{
    /// <summary>The maximum size in bytes.</summary>
    public const int MaxSize = 1024;

    /// <summary>The id of the sender's ledger.</summary>
    public required string Ledger { get; init; }

    /// <summary>The sender's session.</summary>
    public required string Session { get; init; }

    /// <summary>An IP address of the sender's host; null when it has none.</summary>
    public string? Address { get; init; }

    /// <summary>
    /// Checks that a text can be the id of a ledger or of a session: up to 64 letters, digits, hyphens and underscores.
    /// </summary>
    public static bool IsId(string? text) => text is { Length: > 0 and <= 64 } && text.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    /// <summary>Parses a claim; null for invalid bytes, which anybody may send. An invalid address is dropped.</summary>
    public static AgentClaim? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return bytes.Length <= MaxSize && JsonSerializer.Deserialize(bytes.Span, JobJson.Default.AgentClaim) is { } claim && IsId(claim.Ledger) && IsId(claim.Session)
                ? claim with { Address = IPAddress.TryParse(claim.Address, out var address) ? address.ToString() : null }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
