using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>The result of a task's body, which later tasks can read.</summary>
public sealed partial record Result
{
    /// <summary>True when something changed.</summary>
    public bool Changed { get; init; }

    /// <summary>Data for later tasks and the report. Every reader gets its own copy.</summary>
    public JsonObject? Data
    {
        get => field ??= Reply is null ? null : JsonObject.Create(Reply.Document);
        init => (field, Reply) = (value, null);
    }

    /// <summary>The status of the task. The engine sets it on its own copy; of the values that a body sets, only <see cref="Status.Failed"/> has an effect.</summary>
    public Status Status { get; init; }

    /// <summary>The error. A body that sets it fails; the rest of its result is kept.</summary>
    public Exception? Error { get; init; }

    /// <summary>The results of the hosts. A failed host makes the task fail, see <see cref="PlanTaskModifiers.AllowHostFailures"/>.</summary>
    public IReadOnlyList<HostResult> HostResults { get; init; } = [];

    /// <summary>The results of the items of a task that does not run on hosts; empty without items.</summary>
    public IReadOnlyList<ItemResult> Items { get; init; } = [];

    /// <summary>The id of the job; null when there was none.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The duration of the job, from the call to its response.</summary>
    public TimeSpan? JobDuration { get; init; }

    /// <summary>True when the operation was only checked.</summary>
    internal bool IsCheck { get; init; }

    /// <summary>The typed value of an operation task.</summary>
    internal object? Value { get; init; }

    /// <summary>The exception of the failed hosts, when there is a single one.</summary>
    internal Exception? HostError { get; init; }

    /// <summary>The reply from which <see cref="Data"/> is created when it is read; null when there is none, or the data is given.</summary>
    internal OperationReply? Reply { get; init; }

    /// <summary>Returns a copy that does not change when a reader changes the data of this one.</summary>
    internal Result Copy() => Reply is null && Data is null && HostResults.Count == 0
        ? this
        : this with
        {
            Data = Reply is null ? (JsonObject?)Data?.DeepClone() : null,
            Reply = Reply,
            HostResults = [.. HostResults.Select(host => host.Copy())],
        };
}
