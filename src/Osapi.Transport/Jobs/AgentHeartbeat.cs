using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;
using Osapi.Operations.Node;

namespace Osapi.Transport.Jobs;

/// <summary>What a heartbeat says. It is never stored; it names its sender, so that two agents of one name are not taken for one.</summary>
public sealed record AgentHeartbeat
{
    private const int MaxSize = 64 * 1024;
    private const int MaxUptime = 100;

    /// <summary>The id of the sender's ledger.</summary>
    public required string Ledger { get; init; }

    /// <summary>The sender's run.</summary>
    public required string Session { get; init; }

    /// <summary>Time since the host booted, in words.</summary>
    public string? Uptime { get; init; }

    /// <summary>The load.</summary>
    public LoadAverage? LoadAverage { get; init; }

    /// <summary>The memory.</summary>
    public Memory? Memory { get; init; }

    /// <summary>
    /// Parses a heartbeat, which anybody may send; null for one that is none. A figure that does not read well is left out:
    /// that the agent is alive is true all the same.
    /// </summary>
    public static AgentHeartbeat? TryParse(ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= MaxSize && JsonConventions.ParseObject(bytes.Span) is { } beat
        && JsonConventions.Text(beat, "ledger") is { } ledger && JsonConventions.Text(beat, "session") is { } session && MessageJson.IsId(ledger) && MessageJson.IsId(session)
            ? new()
            {
                Ledger = ledger,
                Session = session,
                Uptime = JsonConventions.Text(beat, "uptime") is { Length: <= MaxUptime } uptime ? uptime : null,
                LoadAverage = Figure(beat, "load_average", JobJson.Default.LoadAverage) is { } load && IsLoad(load.OneMinute) && IsLoad(load.FiveMinutes) && IsLoad(load.FifteenMinutes) ? load : null,
                Memory = Figure(beat, "memory", JobJson.Default.Memory) is { Total: >= 0, Free: >= 0, Used: >= 0, Available: >= 0 } memory ? memory : null,
            }
            : null;

    // The parser makes infinity of a number that is too large, which no answer can hold.
    private static bool IsLoad(double figure) => figure is >= 0 and <= double.MaxValue;

    private static T? Figure<T>(JsonElement beat, string member, JsonTypeInfo<T> info)
        where T : class
    {
        try
        {
            return beat.TryGetProperty(member, out var figure) ? figure.Deserialize(info) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
