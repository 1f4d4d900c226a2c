namespace Osapi.Orchestrator;

/// <summary>An exception that a hook threw.</summary>
/// <param name="Hook">The hook, such as <c>AfterTask</c> or <c>AfterTaskAsync</c>.</param>
/// <param name="Task">The task of the event; null for an event of the plan or of a level.</param>
/// <param name="Error">The exception.</param>
public sealed record HookError(string Hook, string? Task, Exception Error);
