namespace Osapi.Agent.Enrolment;

/// <summary>The exception for an agent that cannot be enrolled: it has nobody to trust, trusts others than it is configured to, or was rejected.</summary>
/// <param name="message">The message for the operator, with the next step.</param>
public sealed class EnrolmentException(string message) : Exception(message);
