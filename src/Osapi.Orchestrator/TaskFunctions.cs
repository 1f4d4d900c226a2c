using Osapi.Client;

namespace Osapi.Orchestrator;

/// <summary>The body of a task.</summary>
/// <param name="client">The plan's client; when the plan was made without one, a client whose every call fails and says so.</param>
/// <param name="cancellationToken">Cancelled when the task has to stop: its timeout, the end of the plan, or a failure elsewhere.</param>
public delegate Task<Result> TaskFunction(OsapiClient client, CancellationToken cancellationToken);

/// <summary>The body of a task that reads what the tasks before it did.</summary>
/// <param name="client">The plan's client; when the plan was made without one, a client whose every call fails and says so.</param>
/// <param name="results">The results of the tasks it depends on, directly or indirectly.</param>
/// <param name="cancellationToken">Cancelled when the task has to stop.</param>
public delegate Task<Result> TaskFunctionWithResults(OsapiClient client, Results results, CancellationToken cancellationToken);
