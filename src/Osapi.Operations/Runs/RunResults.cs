using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>A run in a list.</summary>
public record RunSummary
{
    /// <summary>The id of the run.</summary>
    public required RunId Id { get; init; }

    /// <summary>The name of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>The status.</summary>
    public RunStatus Status { get; init; }

    /// <summary>The caller: the subject of the token.</summary>
    public string? Caller { get; init; }

    /// <summary>The start of the run.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>The end of the run; null while it has not ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The number of tasks.</summary>
    public int TaskCount { get; init; }

    /// <summary>True when it was handed over to the controllers; null otherwise.</summary>
    public bool? Detached { get; init; }

    /// <summary>The name of the controller that runs it, or ran it last; null when none has.</summary>
    public string? Controller { get; init; }
}

/// <summary>A run.</summary>
public sealed record RunDetail : RunSummary
{
    /// <summary>The digest of the plan as it is run.</summary>
    public required string Hash { get; init; }

    /// <summary>The position of the journal's last message.</summary>
    public long Position { get; init; }

    /// <summary>The tasks.</summary>
    public IReadOnlyList<RunTask> Tasks { get => field ?? []; init; }

    /// <summary>The plan file and the files that it includes; null for whoever is neither the run's caller nor may run commands.</summary>
    public IReadOnlyList<RunFile>? Files { get; init; }

    /// <summary>The values of the variables, secrets masked; null without any, and for whoever does not see the files.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Values { get; init; }

    /// <summary>The number of cells by status: of those that have ended, and <c>running</c> for those whose call is open.</summary>
    public IReadOnlyDictionary<string, int> Cells { get => field ?? new Dictionary<string, int>(); init; }

    /// <summary>The steps that the run got from earlier runs, which owed them.</summary>
    public IReadOnlyList<OwedStep> Taken { get => field ?? []; init; }

    /// <summary>The steps that are owed after the run; empty while it has not ended.</summary>
    public IReadOnlyList<OwedStep> Owed { get => field ?? []; init; }

    /// <summary>The caller that wants the run to be cancelled; null when nobody does, and when it has ended.</summary>
    public string? CancelRequestedBy { get; init; }

    /// <summary>In the answer to a cancellation true when it is the first one of a run that has not ended, otherwise false; null in other answers.</summary>
    public bool? Cancelled { get; init; }

    /// <summary>The run that has taken the place of this one; null without one.</summary>
    public RunId? SupersededBy { get; init; }
}
