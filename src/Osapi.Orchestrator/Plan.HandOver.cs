using Osapi.Operations.Runs;
using Osapi.Orchestrator.Execution;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator;

public sealed partial class Plan
{
    /// <summary>Checks the plan as before a run, and hands it over to the controllers, which run it without this process.</summary>
    /// <param name="inputs">Makes the inputs that this machine would give while the plan runs; called when the plan is right.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The steps that earlier runs of the plan owe, which are this run's from now on.</returns>
    /// <exception cref="InvalidPlanException">The plan is invalid: nothing was handed over.</exception>
    internal async Task<IReadOnlyList<OwedStep>> HandOverAsync(Func<Task<DetachedInputs>> inputs, CancellationToken cancellationToken)
    {
        var (graph, errors) = Current();
        // The hosts of a run that goes on are those that it began with.
        var (_, mistakes) = Options.Run!.Resume is null && graph.HasOperations ? await HostResolution.ResolveAsync(this, graph, history: null, cancellationToken).ConfigureAwait(false) : (PlanHosts.Unknown, []);
        errors = [.. errors, .. SelectionErrors(), .. mistakes];
        return errors.Count > 0 ? throw new InvalidPlanException(errors) : await RunBeginnings.HandOverAsync(this, Options.Run, await inputs().ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }
}
