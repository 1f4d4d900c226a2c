using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osapi.Transport.Jobs;

/// <summary>The roster as the protocol uses it: what operators say of hosts, in a bucket that agents cannot write.</summary>
public static class Roster
{
    /// <summary>The key of the mark that the roster is complete. No host's key looks like it.</summary>
    public const string IndexKey = "_index";

    /// <summary>The bytes of an entry.</summary>
    public static byte[] Bytes(RosterEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, RosterJson.Default.RosterEntry);

    /// <summary>The bytes of the mark.</summary>
    public static byte[] Bytes(RosterIndex index) => JsonSerializer.SerializeToUtf8Bytes(index, RosterJson.Default.RosterIndex);

    /// <summary>Reads an entry; null for one that was removed, and for one that nobody understands.</summary>
    public static RosterEntry? TryRead(KeyValue? entry)
    {
        try
        {
            return entry is { Value.IsEmpty: false }
                && JsonSerializer.Deserialize(entry.Value.Span, RosterJson.Default.RosterEntry) is { Name: { Length: > 0 } name, Version: > 0 } read && HostKey.Of(name) == entry.Key
                    ? read
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads the mark; null when there is none.</summary>
    public static RosterIndex? TryReadIndex(KeyValue? entry)
    {
        try
        {
            return entry is { Value.IsEmpty: false } && JsonSerializer.Deserialize(entry.Value.Span, RosterJson.Default.RosterIndex) is { Id.Length: > 0 } index ? index : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The version of an entry, also of one that is not understood because a newer version wrote it; 0 when it has none.</summary>
    public static long VersionOf(KeyValue? entry)
    {
        try
        {
            return entry is { Value.IsEmpty: false } && JsonNode.Parse(entry.Value.Span) is JsonObject found && found["version"] is JsonValue version && version.TryGetValue<long>(out var number) ? number : 0;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // ArgumentException: a name that stands there twice.
            return 0;
        }
    }
}
