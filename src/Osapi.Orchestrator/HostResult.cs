using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>What one host did for a task.</summary>
public sealed record HostResult
{
    /// <summary>The name of the host.</summary>
    public required string Hostname { get; init; }

    /// <summary>True when the host is not as it was before.</summary>
    public bool Changed { get; init; }

    /// <summary>The error, or the reason why the host was skipped; null or empty when it succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>What the host answered.</summary>
    public JsonObject? Data { get; init; }

    /// <summary>How the operation ended on the host; null when no operation was called.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>What kind of error it is; null without one.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>What the operation would change, when the call only asked that; otherwise null.</summary>
    public CheckResult? Check { get; init; }

    /// <summary>The job that a retry sent to this host alone; null when the task's own job answered.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The same in the words of a task.</summary>
    public Status Status => Outcome switch
    {
        Operations.Outcome.Skipped => Status.Skipped,
        Operations.Outcome.Cancelled => Status.Cancelled,
        Operations.Outcome.Running => Status.Running,
        _ when IsFailure => Status.Failed,
        _ => Changed ? Status.Changed : Status.Unchanged,
    };

    // A skipped host carries its reason as the error and is no failure; a host that never ended or was cancelled did not do what was asked.
    internal bool IsFailure => Outcome switch
    {
        Operations.Outcome.Skipped => false,
        null or Operations.Outcome.Ok => !string.IsNullOrEmpty(Error),
        _ => true,
    };

    internal HostResult Copy() => Data is null ? this : this with { Data = (JsonObject)Data.DeepClone() };
}
