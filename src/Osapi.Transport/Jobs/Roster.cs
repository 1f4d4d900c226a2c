using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Jobs;

/// <summary>Reads and writes the roster: the operators' decisions about hosts, in a bucket that agents cannot write.</summary>
public static class Roster
{
    /// <summary>The key of the marker that the roster is complete. No host's key equals it.</summary>
    public const string IndexKey = "_index";

    /// <summary>The prefix of the keys of revoked tokens. No host's key begins with it.</summary>
    public const string RevocationKeys = "_revoked.";

    /// <summary>True for the key of a host's entry; false for the marker and the revoked tokens, which no agent reads.</summary>
    public static bool IsHost(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return !key.StartsWith('_');
    }

    /// <summary>Serializes an entry.</summary>
    public static byte[] Bytes(RosterEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, RosterJson.Default.RosterEntry);

    /// <summary>Serializes the marker.</summary>
    public static byte[] Bytes(RosterIndex index) => JsonSerializer.SerializeToUtf8Bytes(index, RosterJson.Default.RosterIndex);

    /// <summary>Parses an entry; null for a removed or invalid one.</summary>
    public static RosterEntry? TryRead(KeyValue? entry)
    {
        try
        {
            return entry is { Value.IsEmpty: false }
                && JsonSerializer.Deserialize(entry.Value.Span, RosterJson.Default.RosterEntry) is { Name: { Length: > 0 } name, Version: > 0 } read && HostKey.Of(name) == entry.Key && HasValidEnrolment(read)
                    ? read
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Checks the members of a host's enrolment: an entry whose key cannot be used is one that a newer version wrote.</summary>
    public static bool HasValidEnrolment(RosterEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return (entry.Key is null || AgentPublicKey.TryParse(entry.Key, provider: null, out _))
            && entry.GrantedLabels?.All(label => label.Value is not null && Target.IsLabel(label.Key, label.Value)) != false
            && entry.Rejected?.Contains(null!) != true;
    }

    /// <summary>Parses the marker; null when there is none.</summary>
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

    /// <summary>
    /// Gets the version of an entry, even if a newer version of the software wrote the rest; 0 when it has none.
    /// </summary>
    public static long VersionOf(KeyValue? entry)
    {
        try
        {
            return entry is { Value.IsEmpty: false } && JsonNode.Parse(entry.Value.Span) is JsonObject found && found["version"] is JsonValue version && version.TryGetValue<long>(out var number) ? number : 0;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // ArgumentException: a duplicate name.
            return 0;
        }
    }
}
