namespace Osapi.Orchestrator;

/// <summary>An attempt of a task that failed and is followed by another.</summary>
/// <param name="Number">The number of the attempt, from 1.</param>
/// <param name="Error">The error.</param>
public sealed record FailedAttempt(int Number, Exception Error);
