using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>A step that is owed: a task runs only if another one changed something, that one did, and this one has not succeeded since.</summary>
public sealed record OwedStep
{
    /// <summary>The name of the plan.</summary>
    public string? Plan { get; init; }

    /// <summary>The name of the task.</summary>
    [Length(1, 1000), NoNul] public required string Task { get; init; }

    /// <summary>The host; null for a task that does not run on hosts.</summary>
    [Length(1, 253), NoNul] public string? Host { get; init; }

    /// <summary>The id of the task's operation; null for a function. A task that calls another one by now is not run for it.</summary>
    [Length(1, 200), NoNul] public string? Operation { get; init; }

    /// <summary>The run in which the change was made.</summary>
    public RunId? Run { get; init; }

    /// <summary>The caller of that run.</summary>
    public string? Caller { get; init; }

    /// <summary>The time since which it is owed.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The fingerprint of the key that the host had when the step was recorded; null when it had none. Controllers write it.</summary>
    [Length(1, 200), NoNul] public string? HostKey { get; init; }

    /// <summary>True when the host has another key now, so that it is another machine: the step is not run for it. Null otherwise. Controllers say it.</summary>
    public bool? HostReplaced { get; init; }

    /// <summary>The run that has taken it over and has not ended; null when the next run takes it.</summary>
    public RunId? TakenBy { get; init; }
}
