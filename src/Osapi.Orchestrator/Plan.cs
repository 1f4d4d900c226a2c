using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator.Engine;
using Osapi.Orchestrator.Execution;
using Osapi.Orchestrator.Rendering;

namespace Osapi.Orchestrator;

/// <summary>
/// Tasks and what they wait for. Building a plan is for one thread; running it is not: a plan can be run again, and two runs
/// at the same time share nothing. While a run goes on the plan cannot be changed.
/// </summary>
public sealed partial class Plan
{
    private readonly List<PlanTask> tasks = [];
    private CheckedPlan? current;
    private int runs;

    /// <summary>A plan without tasks.</summary>
    /// <param name="client">What bodies and operation tasks call; null for a plan that needs none.</param>
    /// <param name="options">How it runs; the defaults when null.</param>
    public Plan(OsapiClient? client, PlanOptions? options = null)
    {
        Client = client;
        Options = options ?? new();
        Tasks = tasks.AsReadOnly();
    }

    /// <summary>The client that bodies are given; null for a plan without one.</summary>
    public OsapiClient? Client { get; }

    /// <summary>How the plan runs.</summary>
    public PlanOptions Options { get; }

    /// <summary>The tasks, in the order in which they were made.</summary>
    public IReadOnlyList<PlanTask> Tasks { get; }

    internal IOperationInvoker? Invoker => Options.Invoker ?? Client;

    /// <summary>The client for bodies: one that says what is missing when the plan has none.</summary>
    internal OsapiClient BodyClient => Client ?? (field ??= MissingClient.Create());

    /// <summary>Everything that is wrong with the plan; nothing when it can run.</summary>
    public IReadOnlyList<PlanError> Validate() => Current().Errors;

    /// <summary>The tasks by level: a task is one level after the last of its dependencies. Within a level they keep their order.</summary>
    /// <exception cref="InvalidPlanException">The plan is not valid.</exception>
    public IReadOnlyList<IReadOnlyList<PlanTask>> Levels() => ValidGraph().Levels;

    /// <summary>The plan in words, level by level; for a plan that is not valid, what is wrong with it.</summary>
    public string Explain() => Validate() is { Count: > 0 } errors ? new InvalidPlanException(errors).Message : Explanation.Of(ValidGraph());

    /// <summary>The plan as a Mermaid flowchart.</summary>
    /// <exception cref="InvalidPlanException">The plan is not valid.</exception>
    public string ToMermaid() => Diagram.Mermaid(ValidGraph());

    /// <summary>The plan as a Graphviz graph.</summary>
    /// <exception cref="InvalidPlanException">The plan is not valid.</exception>
    public string ToDot() => Diagram.Dot(ValidGraph());

    /// <summary>
    /// Runs the plan and waits for every body it started. The report comes back in any case, also when tasks fail
    /// (<see cref="Report.EnsureSuccess"/> makes an exception of that) or the run is cancelled.
    /// </summary>
    /// <exception cref="InvalidPlanException">The plan cannot run; nothing was started.</exception>
    public async Task<Report> RunAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref runs);
        try
        {
            var (graph, errors) = Current();
            if (Invoker is null)
                errors = [.. errors, .. PlanCheck.MissingClient(tasks)];
            return errors.Count > 0
                ? throw new InvalidPlanException(errors)
                : await new PlanRun(this, graph, cancellationToken).ToEndAsync().ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref runs);
        }
    }

    internal void Changing()
    {
        if (Volatile.Read(ref runs) > 0)
            throw new InvalidOperationException("The plan is running and cannot be changed.");
        current = null;
    }

    private CheckedPlan Current() => current ??= CheckedPlan.Of(tasks);

    private PlanGraph ValidGraph() => Current() is { Errors: { Count: > 0 } errors } ? throw new InvalidPlanException(errors) : Current().Graph;
}
