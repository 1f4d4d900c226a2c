using System.Text.Json;
using Osapi.Operations.Runs;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator;

/// <summary>The options of a run that the controller records, so that it can be resumed after its process has died.</summary>
public sealed record RunOptions
{
    /// <summary>The name of the plan, 1 to 200 characters. Runs of one name take turns, and what one owes is done by the next.</summary>
    public required string Plan { get; init; }

    /// <summary>The run to go on with; null for a new one.</summary>
    public RunId? Resume { get; init; }

    /// <summary>True to give the cells of a run that failed, were cancelled or were skipped a new attempt; only with <see cref="Resume"/>.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>
    /// Cells that run again even if it is not known whether they have run, as <c>TASK</c> or <c>TASK@HOST</c>; only with <see cref="Resume"/>.
    /// </summary>
    public IReadOnlyList<string> Rerun { get; init; } = [];

    /// <summary>True to go on with a plan that differs from the one that was started: what has run stays as it is, changed and new tasks run where they have not.</summary>
    public bool PlanChanged { get; init; }

    /// <summary>True to take over a run whose runner is heard.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Called when the takeover takes longer than a second: it waits for up to 20 seconds to learn whether the former runner is gone. Null to tell nobody.
    /// </summary>
    public Action? Waiting { get; init; }

    /// <inheritdoc cref="StartRun.Concurrent"/>
    public bool Concurrent { get; init; }

    /// <inheritdoc cref="StartRun.ForgetOwed"/>
    public bool ForgetOwed { get; init; }

    /// <summary>Called when the run is recorded, before anything runs: with its id, and what it takes over from earlier runs.</summary>
    public Action<RunBeginning>? Begun { get; init; }

    /// <summary>
    /// Called with the reason when a new run is not recorded, because the controller is too old, the plan too large, or the token does not permit it; the plan is run all the
    /// same. Null to fail then.
    /// </summary>
    public Action<string>? NotRecorded { get; init; }

    /// <inheritdoc cref="StartRun.Files"/>
    public IReadOnlyList<RunFile> Files { get; init; } = [];

    /// <inheritdoc cref="StartRun.Values"/>
    public JsonElement? Values { get; init; }

    /// <summary>The id of a new run; generated when null.</summary>
    public RunId? Id { get; init; }

    /// <summary>The takeover of the run to go on with, when a controller has recorded it already; null to take it over.</summary>
    internal ClaimedRun? Claim { get; init; }
}
