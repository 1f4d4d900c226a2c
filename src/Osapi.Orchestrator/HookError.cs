namespace Osapi.Orchestrator;

/// <summary>An exception that a hook threw.</summary>
/// <param name="Hook">The hook, such as <c>AfterTask</c> or <c>AfterTaskAsync</c>.</param>
/// <param name="Task">The task it was called for; null for a hook of the plan or of a level.</param>
/// <param name="Error">What it threw.</param>
public sealed record HookError(string Hook, string? Task, Exception Error);
