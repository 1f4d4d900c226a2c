using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>The kind of a journal entry.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<JournalEntryKind>)), NewerName(nameof(Unknown))]
public enum JournalEntryKind
{
    /// <summary>A kind that this version does not know; it is passed over.</summary>
    Unknown,

    /// <summary>The run was recorded.</summary>
    Started,

    /// <summary>The hosts of a task, fixed from now on.</summary>
    Resolved,

    /// <summary>The items of a cell, which are made when it starts.</summary>
    Expanded,

    /// <summary>A call is about to be made. It is written before the call.</summary>
    Call,

    /// <summary>A cell has its final status.</summary>
    Ended,

    /// <summary>The answer of a guard that holds for all cells of its task.</summary>
    Guard,

    /// <summary>Another runner has taken over; the former one can append nothing more.</summary>
    Takeover,

    /// <summary>Somebody wants the run to be cancelled.</summary>
    Cancel,

    /// <summary>The run has ended.</summary>
    Over,

    /// <summary>A later run of the plan has taken the place of this one, which was interrupted.</summary>
    Superseded,
}
