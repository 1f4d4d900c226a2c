using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>A message of a run's journal, as it is in the log.</summary>
internal sealed record RunMessage
{
    /// <summary>The runner that appended it; null for what a controller wrote.</summary>
    public RunId? Runner { get; init; }

    /// <summary>The id of the call that appended it; null for what a controller wrote.</summary>
    public RunId? Batch { get; init; }

    public IReadOnlyList<JournalEntry> Entries { get => field ?? []; init; }

    /// <summary>The plan and its runner from here on; null unless the message is a start or a takeover.</summary>
    public RunHead? Head { get; init; }

    /// <summary>The owed steps that are this run's from here on.</summary>
    public IReadOnlyList<OwedStep> Taken { get => field ?? []; init; }

    /// <summary>The owed steps that are nobody's any more.</summary>
    public IReadOnlyList<OwedStep> Forgotten { get => field ?? []; init; }

    /// <summary>The run that takes the place of this one; null otherwise.</summary>
    public RunId? SupersededBy { get; init; }

    /// <summary>True for the last message of a run: nothing else of it remains.</summary>
    public bool? Removed { get; init; }
}

/// <summary>The facts of a run that its start sets, and that a takeover may change.</summary>
internal sealed record RunHead
{
    public required RunId Id { get; init; }

    public required string Plan { get; init; }

    /// <summary>The subject of the runner's token, which alone may append.</summary>
    public required string Caller { get; init; }

    public required RunId Runner { get; init; }

    public required string Hash { get; init; }

    public int TaskCount { get; init; }

    /// <summary>The key of the messages that have the tasks, the files and the values.</summary>
    public required string Content { get; init; }

    public bool? Concurrent { get; init; }

    /// <summary>The interrupted run that it has superseded; null without one.</summary>
    public RunId? Superseded { get; init; }
}

/// <summary>The newest message on the subject of a plan: the start of the run that holds the name.</summary>
/// <remarks>It is written before the start itself. Whoever finds it without the start writes the start.</remarks>
internal sealed record PlanLock(RunMessage Start);

/// <summary>Steps that nobody owes any more.</summary>
/// <param name="Plan">The name of the plan.</param>
/// <param name="Steps">The steps.</param>
internal sealed record ForgottenSteps(string Plan, IReadOnlyList<OwedStep> Steps);

/// <summary>The wish that a run be cancelled.</summary>
/// <param name="By">The caller.</param>
internal sealed record CancelWish(string By);
