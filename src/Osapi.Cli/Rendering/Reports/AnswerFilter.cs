using Osapi.Operations;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>The tasks whose answers are printed at the end of a run.</summary>
internal enum AnswerFilter
{
    /// <summary>Those that changed something, failed or were stopped, and those that only read, whose answer is their purpose.</summary>
    Default,

    /// <summary>Those that changed something, failed or were stopped.</summary>
    Changed,

    /// <summary>Those that failed or were stopped.</summary>
    Failed,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>Decides about tasks.</summary>
internal static class AnswerFilterRules
{
    /// <summary>Determines whether the answers of a task are printed.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="task">The result of the task.</param>
    /// <param name="operation">Its operation; null when it is not known.</param>
    public static bool Accepts(this AnswerFilter filter, TaskResult task, Operation? operation) => filter switch
    {
        AnswerFilter.All => true,
        _ when task.Status == Status.Failed || (task.Status == Status.Cancelled && task.Attempts > 0) || task.HostResults.Any(host => host.Status == Status.Failed) => true,
        AnswerFilter.Failed => false,
        _ when task.Changed || task.HostResults.Any(host => host.Check is { Changed: not false }) => true,
        AnswerFilter.Changed => false,
        _ => task.Attempts > 0 && operation?.Idempotency == Idempotency.ReadOnly,
    };
}
