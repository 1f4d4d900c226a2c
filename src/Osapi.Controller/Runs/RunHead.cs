using Osapi.Controller.Runs.Detached;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

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

    /// <summary>The facts of a run that controllers run; null for one that its caller runs.</summary>
    public DetachedHead? Detached { get; init; }
}
