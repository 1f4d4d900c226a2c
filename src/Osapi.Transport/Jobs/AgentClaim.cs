using System.Net;
using System.Text.Json;

namespace Osapi.Transport.Jobs;

/// <summary>Asks whether an agent of a name is alive, in the name of one that is about to take it. It is never stored; whoever has the name answers with a heartbeat.</summary>
public sealed record AgentClaim
{
    /// <summary>The most bytes that it may have.</summary>
    public const int MaxSize = 1024;

    /// <summary>The id of the sender's ledger.</summary>
    public required string Ledger { get; init; }

    /// <summary>The sender's session.</summary>
    public required string Session { get; init; }

    /// <summary>An IP address of the sender's host; null when it has none.</summary>
    public string? Address { get; init; }

    /// <summary>True for a text that can be the id of a ledger or of a session: up to 64 letters, digits, hyphens and underscores.</summary>
    public static bool IsId(string? text) => text is { Length: > 0 and <= 64 } && text.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    /// <summary>Reads a claim; null for one that nobody understands, which anybody may send. An address that is none is left out.</summary>
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
