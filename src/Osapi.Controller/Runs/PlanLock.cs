namespace Osapi.Controller.Runs;

/// <summary>The newest message on the subject of a plan: the start of the run that holds the name.</summary>
/// <remarks>It is written before the start itself. Whoever finds it without the start writes the start.</remarks>
internal sealed record PlanLock(RunMessage Start);
