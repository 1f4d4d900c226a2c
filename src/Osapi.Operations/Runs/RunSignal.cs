namespace Osapi.Operations.Runs;

/// <summary>A signal to a runner.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="By">The caller that wants it, or the run that takes the place; null when it is not known.</param>
internal sealed record RunSignal(RunSignalKind Kind, string? By);
