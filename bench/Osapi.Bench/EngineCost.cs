using System.Diagnostics;
using System.Globalization;
using Osapi.Orchestrator;

namespace Osapi.Bench;

/// <summary>
/// Measures the cost of a no-op task in the engine, compared with a hand-written version of the same DAG in the same run. Both run
/// often and alternately; the best of each counts, which excludes most disturbances by other processes. Only the ratio is comparable
/// between machines.
/// </summary>
internal static class EngineCost
{
    private static readonly Result Nothing = new();

    public static async Task RunAsync(params IEnumerable<int> sizes)
    {
        Console.WriteLine("engine cost per no-op task, bodies yield; first run includes checking the plan");
        Console.WriteLine("shape      tasks |  hand us/task  bytes |  engine us/task  bytes |  ratio | first run us/task  bytes |  ratio  of medians");
        foreach (var size in sizes)
            foreach (var dag in (Dag[])[Dag.Chain(size), Dag.Wide(size), Dag.Layered(size)])
                await CompareAsync(dag, rounds: Math.Clamp(2_000_000 / size, 5, 101));
    }

    private static async Task CompareAsync(Dag dag, int rounds)
    {
        List<Measure> hand = [], engine = [], first = [];
        for (var round = 0; round < rounds; round++)
        {
            hand.Add(await MeasureAsync(() => HandWritten.RunAsync(dag, YieldAsync)));
            var plan = PlanOf(dag);
            first.Add(await MeasureAsync(() => plan.RunAsync()));
            engine.Add(await MeasureAsync(() => plan.RunAsync()));
        }

        var (a, b, c) = (Best(hand), Best(engine), Best(first));
        var tasks = dag.Dependencies.Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{dag.Name,-8} {tasks,7} | {a.Micros / tasks,13:F3} {a.Bytes / tasks,6} | {b.Micros / tasks,15:F3} {b.Bytes / tasks,6} | {b.Micros / a.Micros,6:F2} | {c.Micros / tasks,17:F3} {c.Bytes / tasks,6} | {c.Micros / a.Micros,6:F2} {Median(first) / Median(hand),11:F2}"));
    }

    private static Plan PlanOf(Dag dag)
    {
        Plan plan = new(client: null);
        for (var task = 0; task < dag.Dependencies.Length; task++)
            plan.TaskFunc($"task-{task}", BodyAsync).DependsOn(dag.Dependencies[task].Select(dependency => plan.Tasks[dependency]));
        return plan;
    }

    private static async Task<Result> BodyAsync(object? client, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return Nothing;
    }

    private static async Task YieldAsync() => await Task.Yield();

    private static async Task<Measure> MeasureAsync(Func<Task> run)
    {
        GC.Collect();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await run();
        var time = Stopwatch.GetElapsedTime(start);
        return new(time.TotalMicroseconds, GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }

    private static double Median(List<Measure> measures) => measures.Select(measure => measure.Micros).Order().ElementAt(measures.Count / 2);

    private static Measure Best(List<Measure> measures) => measures.MinBy(measure => measure.Micros);

    private readonly record struct Measure(double Micros, long Bytes);
}
