using Osapi.Operations;
using static Osapi.Orchestrator.Tests.TestOperations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>A random plan over hosts, run on a clock that advances by itself.</summary>
internal sealed class FleetRun
{
    private readonly VirtualTime time = new();
    private readonly Lock gate = new();

    private FleetRun(FleetPlan plan) => (Plan, Log) = (plan, new(plan));

    public FleetPlan Plan { get; }

    public FleetLog Log { get; }

    public Report Report { get; private set; } = null!;

    /// <summary>The events of each task, in order: <c>before</c>, <c>skip</c>, <c>after</c>.</summary>
    public Dictionary<string, List<string>> Events { get; } = [];

    /// <summary>The statuses that the guards saw: the guarded task, its host, the task that was read, and what was seen of it.</summary>
    public List<(FleetTask Task, int Host, int Read, Status Seen)> Reads { get; } = [];

    public static async Task<FleetRun> RunAsync(FleetPlan plan)
    {
        FleetRun run = new(plan);
        using CancellationTokenSource cancel = new(), abandon = new();
        await using var cancelTimer = run.At(plan.CancelAt, cancel);
        await using var abandonTimer = run.At(plan.AbandonAt, abandon);
        var built = run.Build();
        run.Report = await built.RunAsync(abandon.Token, cancel.Token).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Plans.Token);
        return run;
    }

    /// <summary>Gets the duration of a cell in ticks, as it was reported.</summary>
    public long DurationOf(FleetTask task, int column)
    {
        var result = Report.Get($"t{task.Id}")!;
        return (task.IsSingle ? result.Duration : result.HostResults.First(host => FleetPlan.Id(host.Hostname) == column).Duration).Ticks;
    }

    private ITimer At(long? ticks, CancellationTokenSource source) =>
        time.CreateTimer(_ => source.Cancel(), null, ticks is { } at ? TimeSpan.FromTicks(at) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private Plan Build()
    {
        FleetInvoker invoker = new(Plan, Log, time);
        PlanOptions options = new()
        {
            TimeProvider = time,
            WhenIdle = time.Idle,
            Random = () => 0.5,
            Invoker = Plan.Check ? new DryRunInvoker(invoker) : invoker,
            Flow = Plan.Flow,
            Selection = new() { Skip = [.. Plan.Tasks.Where(task => Plan.Unselected.Contains(task.Id)).Select(task => $"t{task.Id}")], Limit = Plan.LimitGroup is { } group ? Target.Parse($"group:g{group}") : null },
            LevelBarriers = Plan.Barriers,
            MaxParallelism = Plan.MaxParallelism,
            OnError = Plan.Stops ? ErrorStrategy.StopAll : ErrorStrategy.Continue,
            Deadline = Plan.DeadlineAt is { } deadline ? TimeSpan.FromTicks(deadline) : null,
            Hooks = new()
            {
                BeforeTask = task => Note(task, "before"),
                AfterTask = (task, _) => Note(task, "after"),
                OnSkip = (task, _) => Note(task, "skip"),
            },
        };
        Plan plan = new(null, Plan.AlwaysTimeout is { } always ? options with { AlwaysTimeout = TimeSpan.FromTicks(always) } : options);
        Dictionary<int, PlanTask> tasks = [];
        foreach (var task in Plan.Tasks)
            Modify(task, tasks[task.Id] = Add(plan, task, tasks), tasks);
        return plan;
    }

    private PlanTask Add(Plan plan, FleetTask task, Dictionary<int, PlanTask> tasks)
    {
        var name = $"t{task.Id}";
        if (task.Target == FleetTarget.Function)
            return plan.TaskFunc(name, (_, cancellationToken) => RunFunctionAsync(task, cancellationToken));
        var operation = task.Idempotency switch { Idempotency.ReadOnly => Read, Idempotency.Idempotent => Write, _ => Append };
        PlanTarget target = task.Target switch
        {
            FleetTarget.Group => $"group:g{task.TargetId}",
            FleetTarget.Host => FleetPlan.Name(task.TargetId),
            FleetTarget.Any => "_any",
            FleetTarget.SameAs => PlanTarget.SameAs(tasks[task.TargetId]),
            FleetTarget.Nobody => "nobody:x",
            _ => "_all",
        };
        var added = task.Requests == 0
            ? plan.Task(name, operation, target, new() { Path = name })
            : plan.Task(name, operation, target, (results, host) => Request(task, results, host));
        return Plan.HostsOf(task) is [] ? added.AllowEmpty() : added;
    }

    private TestOperations.WriteFile Request(FleetTask task, Results results, string? name)
    {
        var host = name is null ? FleetLog.Single : FleetPlan.Id(name);
        if (Log.RequestCalls.AddOrUpdate((task.Id, host), 1, (_, calls) => calls + 1) > 1 && !Plan.IsOld)
            Log.Report($"the request of t{task.Id} for h{host} was made more than once");
        lock (gate)
            foreach (var dependency in task.Dependencies)
                Reads.Add((task, host, dependency, results.Get($"t{dependency}")!.Status));
        return Plan.Script.Request(task, host) is > 0 and var request ? new() { Path = $"t{task.Id}", Count = request } : throw new InvalidOperationException("request");
    }

    private async Task<Result> RunFunctionAsync(FleetTask task, CancellationToken cancellationToken)
    {
        var attempt = Assert.Single(Log.Start(task, [FleetLog.Single], default, time.Elapsed.Ticks));
        try
        {
            await time.SleepAsync(task.Id, TimeSpan.FromTicks(Plan.Script.Latency(task, FleetLog.Single, attempt.Number)), cancellationToken);
            var reply = Plan.Script.Reply(task, FleetLog.Single, attempt.Number);
            Log.End(attempt, reply, FleetScript.IsChange(reply), cancelled: false, time.Elapsed.Ticks);
            return new() { Changed = attempt.Changed, Error = FleetScript.IsFailure(reply) ? new InvalidOperationException($"{reply}") : null };
        }
        catch (OperationCanceledException)
        {
            Log.End(attempt, ScriptedReply.CancelledByOther, changed: false, cancelled: true, time.Elapsed.Ticks);
            throw;
        }
        finally
        {
            Log.EndJob();
        }
    }

    private void Modify(FleetTask task, PlanTask added, Dictionary<int, PlanTask> tasks)
    {
        added.DependsOn(task.Dependencies.Select(id => tasks[id]));
        if (task.Guard != FleetGuard.None)
            added.When(results => Guard(task, FleetLog.Single, results, task.Guard));
        if (task.GuardsHosts)
            added.When((results, host) => Guard(task, FleetPlan.Id(host), results, Plan.Script.HostGuard(task, FleetPlan.Id(host))), "not here");
        if (task.OnlyIfChanged)
            added.OnlyIfChanged();
        if (task.OnlyIfFailed)
            added.OnlyIfFailed();
        if (task.Always)
            added.Always();
        if (task.Allowed is { } allowed)
            added.AllowHostFailures(allowed.Value);
        if (task.Max is { } max)
            added.MaxHostFailures(max.Value);
        if (task.Limit is { } limit)
            added.Timeout(TimeSpan.FromTicks(limit));
        var then = task.Stops is { } stops ? stops ? ErrorStrategy.StopAll : ErrorStrategy.Continue : null;
        if (task.Retries > 0)
        {
            var retry = task.Backoff ? ErrorStrategy.Retry(task.Retries, TimeSpan.FromTicks(5000), TimeSpan.FromTicks(20_000)) : ErrorStrategy.Retry(task.Retries);
            then = then is null ? retry : retry.Then(then);
        }

        if (then is not null)
            added.OnError(then);
    }

    private bool Guard(FleetTask task, int host, Results results, FleetGuard answer)
    {
        Log.GuardCalls.AddOrUpdate((task.Id, host), 1, (_, calls) => calls + 1);
        lock (gate)
            foreach (var dependency in task.Dependencies)
                Reads.Add((task, host, dependency, results.Get($"t{dependency}")!.Status));
        return answer == FleetGuard.Throws ? throw new InvalidOperationException("guard") : answer == FleetGuard.True;
    }

    private void Note(PlanTask task, string what)
    {
        lock (gate)
        {
            if (!Events.TryGetValue(task.Name, out var events))
                Events[task.Name] = events = [];
            events.Add(what);
        }
    }
}
