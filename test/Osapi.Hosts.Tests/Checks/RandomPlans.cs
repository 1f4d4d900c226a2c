namespace Osapi.Hosts.Tests.Checks;

/// <summary>Random plans of idempotent operations, with the state before each.</summary>
internal static class RandomPlans
{
    /// <summary>Makes a plan for a host with a Docker engine, without systemd.</summary>
    public static IReadOnlyList<RandomTask> OnLightHost(int seed)
    {
        Random random = new(seed);
        return Plan(random, new RandomDeployments(random), new RandomPaths(random), new RandomEdits(random), new RandomFetches(random), new RandomAccounts(random), new RandomSysctls(random), new RandomThings(random));
    }

    /// <summary>Makes a plan for a host that booted systemd.</summary>
    public static IReadOnlyList<RandomTask> OnBootedHost(int seed)
    {
        Random random = new(seed);
        return Plan(random, new RandomServices(random), new RandomPackages(random));
    }

    // 1 to 5 tasks, in order.
    private static List<RandomTask> Plan(Random random, params ReadOnlySpan<RandomKinds> rooms)
    {
        List<Func<IEnumerable<RandomTask>>> kinds = [];
        List<Func<IEnumerable<RandomTask>>> alone = [];
        foreach (var room in rooms)
        {
            kinds.AddRange(room.Kinds);
            alone.AddRange(room.Alone);
        }

        if (random.Next(kinds.Count + alone.Count) is var index && index < alone.Count)
            return [.. alone[index]()];
        List<RandomTask> tasks = [];
        var count = random.Next(1, 6);
        while (tasks.Count < count && kinds.Count > 0)
        {
            var kind = random.Next(kinds.Count);
            tasks.AddRange(kinds[kind]());
            kinds.RemoveAt(kind);
        }

        return tasks;
    }
}
