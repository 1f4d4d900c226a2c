namespace Osapi.Orchestrator;

/// <summary>
/// Thrown by a guard or a request that needs what only a run knows, such as the output of a command that is only checked. In a check
/// the task is reported as one whose change cannot be predicted, with the message as the reason; in a run it has failed.
/// </summary>
/// <param name="message">The reason.</param>
public sealed class NotKnownInCheckException(string message) : Exception(message);
