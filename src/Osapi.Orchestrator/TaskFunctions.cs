using Osapi.Client;

namespace Osapi.Orchestrator;

/// <summary>The body of a task.</summary>
/// <param name="client">The plan's client; null when the plan was made without one.</param>
/// <param name="cancellationToken">Cancelled when the task has to stop: its timeout, the end of the plan, or a failure elsewhere.</param>
public delegate Task<Result> TaskFunction(
#nullable disable annotations // Whether there is a client is the plan author's choice: a null check in every body would only be noise.
    OsapiClient client,
#nullable restore annotations
    CancellationToken cancellationToken);

/// <summary>The body of a task that reads what the tasks before it did.</summary>
/// <param name="client">The plan's client; null when the plan was made without one.</param>
/// <param name="results">The results of the tasks it depends on, directly or indirectly.</param>
/// <param name="cancellationToken">Cancelled when the task has to stop.</param>
public delegate Task<Result> TaskFunctionWithResults(
#nullable disable annotations // As above.
    OsapiClient client,
#nullable restore annotations
    Results results,
    CancellationToken cancellationToken);
