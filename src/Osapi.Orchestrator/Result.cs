using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>What a task's body returns, and what later tasks see of it.</summary>
public sealed partial record Result
{
    /// <summary>True when something is not as it was before.</summary>
    public bool Changed { get; init; }

    /// <summary>Whatever later tasks and the report should know. Every reader gets a copy of its own.</summary>
    public JsonObject? Data { get; init; }

    /// <summary>How the task ended. The engine sets it on its own copy; of what a body sets only <see cref="Status.Failed"/> counts.</summary>
    public Status Status { get; init; }

    /// <summary>What went wrong. A body that sets it fails, and everything else it returns is kept.</summary>
    public Exception? Error { get; init; }

    /// <summary>One entry for each host that was asked. One that failed makes the task fail, see <see cref="PlanTaskModifiers.AllowHostFailures"/>.</summary>
    public IReadOnlyList<HostResult> HostResults { get; init; } = [];

    /// <summary>The job, when there was one.</summary>
    public JobId? JobId { get; init; }

    /// <summary>How long the job took, from the call to its answer.</summary>
    public TimeSpan? JobDuration { get; init; }

    /// <summary>The typed value of an operation task.</summary>
    internal object? Value { get; init; }

    /// <summary>The exception that stands for the failed hosts, when one does.</summary>
    internal Exception? HostError { get; init; }

    internal Result Copy() => Data is null && HostResults.Count == 0
        ? this
        : this with { Data = (JsonObject?)Data?.DeepClone(), HostResults = [.. HostResults.Select(host => host.Copy())] };
}
