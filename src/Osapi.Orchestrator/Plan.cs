using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator.Engine;
using Osapi.Orchestrator.Execution;
using Osapi.Orchestrator.Rendering;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator;

/// <summary>
/// A plan: tasks and their dependencies. Build a plan on one thread. It can run several times, also concurrently: runs share no
/// state. A plan cannot be changed while it runs.
/// </summary>
public sealed partial class Plan
{
    private readonly List<PlanTask> tasks = [];
    private CheckedPlan? current;
    private int runs;

    /// <summary>Creates a plan without tasks.</summary>
    /// <param name="client">The client for bodies and operation tasks; null for a plan that needs none.</param>
    /// <param name="options">The options of the plan; the defaults when null.</param>
    public Plan(OsapiClient? client, PlanOptions? options = null)
    {
        Client = client;
        Options = options ?? new();
        Tasks = tasks.AsReadOnly();
    }

    /// <summary>The client that bodies receive; null for a plan without one.</summary>
    public OsapiClient? Client { get; }

    /// <summary>The options of the plan.</summary>
    public PlanOptions Options { get; }

    /// <summary>The tasks, in the order in which they were added.</summary>
    public IReadOnlyList<PlanTask> Tasks { get; }

    internal IOperationInvoker? Invoker => Options.Invoker ?? Client;

    /// <summary>The client for bodies; when the plan has none, a client whose calls fail with the reason.</summary>
    internal OsapiClient BodyClient => Client ?? (field ??= MissingClient.Create());

    /// <summary>Validates the plan and returns all errors; empty when it can run.</summary>
    public IReadOnlyList<PlanError> Validate() => [.. Current().Errors, .. SelectionErrors()];

    /// <summary>Returns the tasks by level: a task is one level after the last of its dependencies. Within a level they are in plan order.</summary>
    /// <exception cref="InvalidPlanException">The plan is not valid.</exception>
    public IReadOnlyList<IReadOnlyList<PlanTask>> Levels() => ValidGraph().Levels;

    /// <summary>Returns the tasks that <see cref="PlanOptions.Selection"/> selects, in plan order.</summary>
    /// <exception cref="InvalidPlanException">The plan is not valid.</exception>
    public IReadOnlyList<PlanTask> SelectedTasks() => Engine.SelectedTasks.Of(ValidGraph(), Options.Selection) is { } selected ? [.. tasks.Where(task => selected[task.Index])] : Tasks;

    /// <summary>Describes the plan as text, level by level; for an invalid plan, lists its errors.</summary>
    public string Explain() => Validate() is { Count: > 0 } errors ? new InvalidPlanException(errors).Message : Explanation.Of(ValidGraph(), Options.Selection);

    /// <summary>Renders the plan as a Mermaid flowchart.</summary>
    /// <exception cref="InvalidPlanException">The plan is not valid.</exception>
    public string ToMermaid() => Diagram.Mermaid(ValidGraph());

    /// <summary>Renders the plan as a Graphviz graph.</summary>
    /// <exception cref="InvalidPlanException">The plan is not valid.</exception>
    public string ToDot() => Diagram.Dot(ValidGraph());

    /// <inheritdoc cref="RunAsync(CancellationToken, CancellationToken)"/>
    public Task<Report> RunAsync(CancellationToken cancellationToken = default) => RunAsync(CancellationToken.None, cancellationToken);

    /// <summary>
    /// Runs the plan and waits for every started body. The report is returned even when tasks fail or the run is cancelled;
    /// <see cref="Report.EnsureSuccess"/> throws an exception then.
    /// </summary>
    /// <param name="abandon">Cancels the run and the tasks that always run, without the time that they have after a cancellation.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="InvalidPlanException">The plan is invalid: nothing was started. Hosts that do not exist are among the errors.</exception>
    public async Task<Report> RunAsync(CancellationToken abandon, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref runs);
        try
        {
            var (graph, errors) = Current();
            errors = [.. errors, .. SelectionErrors()];
            if (Invoker is null && graph.HasOperations)
                errors = [.. errors, .. PlanCheck.MissingClient(tasks)];
            if (Options is { Flow: PlanFlow.Host, LevelBarriers: true })
                errors = [.. errors, PlanCheck.FlowWithBarriers];
            return await RunAsync(graph, errors, abandon, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref runs);
        }
    }

    private async Task<Report> RunAsync(PlanGraph graph, IReadOnlyList<PlanError> errors, CancellationToken abandon, CancellationToken cancellationToken)
    {
        var run = Invoker is DryRunInvoker ? null : Options.Run;
        var recorder = run?.Resume is not null && errors.Count == 0 ? await RunBeginnings.ResumeAsync(this, run, cancellationToken).ConfigureAwait(false) : null;
        try
        {
            var (hosts, mistakes) = graph.HasOperations ? await HostResolution.ResolveAsync(this, graph, recorder?.History, cancellationToken).ConfigureAwait(false) : (PlanHosts.Unknown, []);
            if (errors.Count + mistakes.Count > 0)
                throw new InvalidPlanException([.. errors, .. mistakes]);
            recorder ??= run is null ? null : await RunBeginnings.StartAsync(this, run, cancellationToken).ConfigureAwait(false);
            if (recorder is null)
                return await new PlanRun(this, graph, hosts, recorder: null, cancellationToken, abandon).ToEndAsync().ConfigureAwait(false);
            recorder.Begin(this, hosts, run!);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, recorder.Cancelled);
            var report = await new PlanRun(this, graph, hosts, recorder, either.Token, abandon).ToEndAsync().ConfigureAwait(false);
            await recorder.OverAsync(report).ConfigureAwait(false);
            return report;
        }
        finally
        {
            if (recorder is not null)
                await recorder.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal void Changing()
    {
        if (Volatile.Read(ref runs) > 0)
            throw new InvalidOperationException("The plan is running and cannot be changed.");
        current = null;
    }

    private CheckedPlan Current() => current ??= CheckedPlan.Of(tasks);

    private PlanGraph ValidGraph() => Validate() is { Count: > 0 } errors ? throw new InvalidPlanException(errors) : Current().Graph;

    private IEnumerable<PlanError> SelectionErrors() =>
        Engine.SelectedTasks.Problems(Current().Graph, Options.Selection).Select(problem => new PlanError("", $"the selection ({problem.Option}): {problem.Text}"));
}
