using Osapi.Operations.Runs;

namespace Osapi.Orchestrator;

/// <summary>The beginning of a recorded run.</summary>
/// <param name="Id">The id of the run.</param>
/// <param name="Owed">The steps that earlier runs of the plan owe and that this one does.</param>
/// <param name="NotDone">The steps that earlier runs owe and that this one cannot do, because the plan has no such task, host or operation any more, or the host is another machine by now.</param>
/// <param name="Superseded">The interrupted run whose place this one takes; null without one.</param>
public sealed record RunBeginning(RunId Id, IReadOnlyList<OwedStep> Owed, IReadOnlyList<OwedStep> NotDone, RunId? Superseded);
