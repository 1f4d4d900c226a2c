namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>The differences between engine and rules that are known and not mended yet. Each is true until it is mended.</summary>
internal static class OpenFindings
{
    /// <summary>Gets whether a percentage of failed hosts is judged only when a host fails, not when a later one is skipped.</summary>
    public static bool PercentBeforeSkips { get; } = true;

    /// <summary>Gets whether, in the flow by host, a task on the same hosts as one that started nowhere hides the failure before it.</summary>
    public static bool AbsentHostsHideFailure { get; } = true;

    /// <summary>Gets whether a reply that came before the end of its call decides a second time, then, whether its host can be reached.</summary>
    public static bool RepliesCountTwice { get; } = true;

    /// <summary>Gets whether a call that waits for its turn asks hosts that were found unreachable in the meantime.</summary>
    public static bool QueuedCallsAskTheUnreachable { get; } = true;
}
