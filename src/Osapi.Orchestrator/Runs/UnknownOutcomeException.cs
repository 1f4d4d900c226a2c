namespace Osapi.Orchestrator.Runs;

/// <summary>The error of a body of which is not known whether it has run.</summary>
internal sealed class UnknownOutcomeException(string message) : Exception(message);
