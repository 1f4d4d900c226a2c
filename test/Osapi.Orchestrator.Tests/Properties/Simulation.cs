using System.Collections.Concurrent;

namespace Osapi.Orchestrator.Tests.Properties;

/// <summary>A random plan, run on a clock that advances by itself, with its record of events.</summary>
internal sealed class Simulation
{
    private readonly ConcurrentQueue<string> violations = [];
    private readonly int[] terminal;
    private int running;
    private int mostRunning;

    private Simulation(RandomPlan world) => (World, terminal) = (world, new int[world.Tasks.Length]);

    public RandomPlan World { get; }

    public Trace Trace { get; } = new();

    public VirtualTime Time { get; } = new();

    public required Report Report { get; set; }

    public IEnumerable<string> Violations => violations;

    public int MostRunning => mostRunning;

    /// <summary>True when every body that started has ended by the time the run returned.</summary>
    public bool NothingIsLeftRunning { get; private set; }

    public string Events => string.Join("\n", Trace.Events);

    /// <summary>The whole report as text, including times.</summary>
    public string Account => string.Join("\n", Report.Tasks.Select(task =>
        $"{task.Name} {task.Status} {task.Changed} {task.Attempts} {task.SkipReason} {task.Duration} {task.StartedAt:O} {task.EndedAt:O} {task.Error?.Message}"));

    public static async Task<Simulation> RunAsync(RandomPlan world, PlanOptions? options = null, int? cancelAt = null)
    {
        Simulation rehearsal = new(world) { Report = null! };
        using CancellationTokenSource source = new();
        await using var cancel = rehearsal.Time.CreateTimer(
            _ => source.Cancel(), null, cancelAt is { } ticks ? TimeSpan.FromTicks(ticks) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var plan = rehearsal.Build(options ?? new());
        // A hang is also a failure, and the only one that needs a real clock.
        rehearsal.Report = await plan.RunAsync(source.Token).WaitAsync(TimeSpan.FromSeconds(60), Plans.Token);
        rehearsal.NothingIsLeftRunning = rehearsal.running == 0;
        return rehearsal;
    }

    private Plan Build(PlanOptions options)
    {
        Plan plan = new(null, options with
        {
            TimeProvider = Time,
            WhenIdle = Time.Idle,
            Random = () => 0.5,
            Hooks = Hooks.Combine(Trace.Hooks, new() { AfterTask = (task, _) => Interlocked.Increment(ref terminal[Place(task)]) }),
        });
        for (var place = 0; place < World.Tasks.Length; place++)
            Add(plan, place, World.Tasks[place]);
        return plan;
    }

    private void Add(Plan plan, int place, RandomTask random)
    {
        var attempts = 0;
        var task = plan.TaskFunc($"{place}", async (_, cancellationToken) =>
        {
            if (random.Dependencies.FirstOrDefault(dependency => Volatile.Read(ref terminal[dependency]) == 0, -1) is >= 0 and var early)
                violations.Enqueue($"{place} started before {early} had ended");
            var now = Interlocked.Increment(ref running);
            for (var most = mostRunning; now > most && Interlocked.CompareExchange(ref mostRunning, now, most) != most; most = mostRunning)
            {
            }

            try
            {
                await Time.SleepAsync(place, TimeSpan.FromTicks(random.Latency), cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }

            return ++attempts <= random.Failures ? throw new InvalidOperationException($"failure {attempts}") : new() { Changed = random.Changes };
        });
        task.DependsOn(random.Dependencies.Select(dependency => plan.Tasks[dependency]));
        if (random.Guard is { } answer)
            task.When(_ => answer);
        if (random.OnlyIfChanged && random.Dependencies.Length > 0)
            task.OnlyIfChanged();
        if (random.OnlyIfFailed && random.Dependencies.Length > 0)
            task.OnlyIfFailed();
        if (random.Limit is { } limit)
            task.Timeout(TimeSpan.FromTicks(limit));
        var then = random.Continues ? ErrorStrategy.Continue : ErrorStrategy.StopAll;
        task.OnError(random.Retries == 0 ? then : ErrorStrategy.Retry(random.Retries, TimeSpan.FromTicks(100), TimeSpan.FromTicks(300)).Then(then));
    }

    public IEnumerable<int> TerminalEvents => terminal;

    private static int Place(PlanTask task) => int.Parse(task.Name, System.Globalization.CultureInfo.InvariantCulture);
}
