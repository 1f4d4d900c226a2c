using CsCheck;

namespace Osapi.Orchestrator.Tests.Properties;

/// <summary>A random task. Its own latency keeps two events from coinciding by accident only.</summary>
internal sealed record RandomTask
{
    public required int[] Dependencies { get; init; }

    public required int Latency { get; init; }

    /// <summary>The number of failed attempts before success.</summary>
    public int Failures { get; init; }

    public int Retries { get; init; }

    public bool Changes { get; init; }

    public bool? Guard { get; init; }

    public bool OnlyIfChanged { get; init; }

    public bool OnlyIfFailed { get; init; }

    public bool Continues { get; init; }

    public int? Limit { get; init; }
}

/// <summary>A random plan: task i depends on earlier tasks only.</summary>
internal sealed record RandomPlan(RandomTask[] Tasks)
{
    /// <summary>True for the full size of the properties, as stated in the documentation; otherwise it is small.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    public static int Iterations => IsFull ? 500 : 200;

    public static Gen<RandomPlan> Any { get; } = Sized(task => task);

    /// <summary>Generates plans whose outcome does not depend on time: nothing stops them and nothing takes too long.</summary>
    public static Gen<RandomPlan> Timeless { get; } = Sized(task => task with { Continues = true, Limit = null });

    /// <summary>Generates plans in which everything succeeds.</summary>
    public static Gen<RandomPlan> Successful { get; } =
        Sized(task => new() { Dependencies = task.Dependencies, Latency = task.Latency, Changes = task.Changes });

    public static Gen<RandomPlan> Sized(Func<RandomTask, RandomTask> modify) =>
        from size in IsFull ? Gen.OneOf(Gen.Int[0, 60], Gen.Int[500, 2000]) : Gen.OneOf(Gen.Int[0, 20], Gen.Int[20, 200])
        from seed in Gen.Int
        select new RandomPlan(Make(size, new Random(seed), modify));

    private static RandomTask[] Make(int size, Random random, Func<RandomTask, RandomTask> modify)
    {
        var reach = random.Next(1, 40);
        return [.. Enumerable.Range(0, size).Select(task => modify(new()
        {
            Dependencies = [.. Enumerable.Range(0, task == 0 ? 0 : random.Next(4)).Select(_ => Math.Max(0, task - 1 - random.Next(reach))).Distinct()],
            Latency = random.Next(1, 1000),
            Failures = random.Next(5) == 0 ? random.Next(1, 4) : 0,
            Retries = random.Next(3) == 0 ? random.Next(1, 4) : 0,
            Changes = random.Next(2) == 0,
            Guard = random.Next(6) switch { 0 => true, 1 => false, _ => null },
            OnlyIfChanged = random.Next(6) == 0,
            OnlyIfFailed = random.Next(8) == 0,
            Continues = random.Next(10) > 0,
            Limit = random.Next(6) == 0 ? random.Next(1, 1500) : null,
        }))];
    }
}
