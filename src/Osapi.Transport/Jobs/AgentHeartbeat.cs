using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;
using Osapi.Operations.Node;

namespace Osapi.Transport.Jobs;

/// <summary>
/// A heartbeat of an agent. It is never stored. It identifies its sender, so that two agents with one name can be
/// distinguished.
/// </summary>
public sealed record AgentHeartbeat
{
    private const int MaxSize = 64 * 1024;
    private const int MaxUptime = 100;

    /// <summary>The id of the sender's ledger.</summary>
    public required string Ledger { get; init; }

    /// <summary>The id of the sender's run.</summary>
    public required string Session { get; init; }

    /// <summary>The time since the host booted, as text.</summary>
    public string? Uptime { get; init; }

    /// <summary>The load averages.</summary>
    public LoadAverage? LoadAverage { get; init; }

    /// <summary>The memory usage.</summary>
    public Memory? Memory { get; init; }

    /// <summary>
    /// Parses a heartbeat; null for invalid bytes, which anybody may send. An invalid figure is dropped: the agent is
    /// alive anyway.
    /// </summary>
    public static AgentHeartbeat? TryParse(ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= MaxSize && JsonConventions.ParseObject(bytes.Span) is { } heartbeat
        && JsonConventions.Text(heartbeat, "ledger") is { } ledger && JsonConventions.Text(heartbeat, "session") is { } session && MessageJson.IsId(ledger) && MessageJson.IsId(session)
            ? new()
            {
                Ledger = ledger,
                Session = session,
                Uptime = JsonConventions.Text(heartbeat, "uptime") is { Length: <= MaxUptime } uptime ? uptime : null,
                LoadAverage = Figure(heartbeat, "load_average", JobJson.Default.LoadAverage) is { } load && IsLoad(load.OneMinute) && IsLoad(load.FiveMinutes) && IsLoad(load.FifteenMinutes) ? load : null,
                Memory = Figure(heartbeat, "memory", JobJson.Default.Memory) is { Total: >= 0, Free: >= 0, Used: >= 0, Available: >= 0 } memory ? memory : null,
            }
            : null;

    // The parser turns a number that is too large into infinity, which JSON cannot represent.
    private static bool IsLoad(double figure) => figure is >= 0 and <= double.MaxValue;

    private static T? Figure<T>(JsonElement heartbeat, string member, JsonTypeInfo<T> info)
        where T : class
    {
        try
        {
            return heartbeat.TryGetProperty(member, out var figure) ? figure.Deserialize(info) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
