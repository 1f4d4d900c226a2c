using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Audit;

/// <summary>The kind of an audit entry.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AuditKind>)), NewerName(nameof(Unknown))]
public enum AuditKind
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown,

    /// <summary>The only entry of a request, written when it was answered.</summary>
    Request,

    /// <summary>The first entry of a request that acts, durable before anything happened.</summary>
    Begin,

    /// <summary>The second entry of a request that acts, with its outcome.</summary>
    End,

    /// <summary>The number of refusals without identity of one source within a minute.</summary>
    Refusals,

    /// <summary>The controller started.</summary>
    Start,

    /// <summary>The controller stopped.</summary>
    Stop,

    /// <summary>A torn last line, which an abrupt end left behind, was removed.</summary>
    Healed,

    /// <summary>Entries that the log vouches for were not in the file at a start.</summary>
    Missing,

    /// <summary>Entries that could not be written, such as on a full disk.</summary>
    Lost,

    /// <summary>The head of another controller's chain.</summary>
    Anchor,

    /// <summary>Old entries were removed by the retention.</summary>
    Checkpoint,
}
