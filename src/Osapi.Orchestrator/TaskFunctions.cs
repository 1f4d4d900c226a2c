using Osapi.Client;

namespace Osapi.Orchestrator;

/// <summary>The body of a task.</summary>
/// <param name="client">The plan's client; for a plan without one, a client whose every call fails with the reason.</param>
/// <param name="cancellationToken">Cancelled when the task must stop: its time limit, the end of the run, or a failure of another task.</param>
public delegate Task<Result> TaskFunction(OsapiClient client, CancellationToken cancellationToken);

/// <summary>The body of a task that reads the results of earlier tasks.</summary>
/// <param name="client">The plan's client; for a plan without one, a client whose every call fails with the reason.</param>
/// <param name="results">The results of the tasks it depends on, directly or indirectly.</param>
/// <param name="cancellationToken">Cancelled when the task must stop.</param>
public delegate Task<Result> TaskFunctionWithResults(OsapiClient client, Results results, CancellationToken cancellationToken);
