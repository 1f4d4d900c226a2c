using CsCheck;
using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>The generators of random plans over hosts.</summary>
internal static class RandomFleetPlan
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    /// <summary>The number of plans for each test; 20,000 altogether at full size.</summary>
    public static int Iterations { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_PLANS"), out var plans) ? plans : IsFull ? 10_000 : 150;

    /// <summary>Generates plans of any kind.</summary>
    public static Gen<FleetPlan> Any { get; } = Sized(Make);

    /// <summary>Generates plans whose statuses do not depend on time.</summary>
    public static Gen<FleetPlan> Timeless { get; } = Sized((tasks, hosts, seed) => Selected(WithoutTime(Make(tasks, hosts, seed)) with { Check = seed % 4 == 0 }, new(seed)));

    // A part of some plans, and some hosts of some; which host takes a task for any host is then another question.
    private static FleetPlan Selected(FleetPlan plan, Random random)
    {
        if (random.Next(3) == 0)
            plan = plan with { Unselected = [.. plan.Tasks.Select(task => task.Id).Where(_ => random.Next(4) == 0)] };
        var group = random.Next(4);
        return random.Next(6) > 0 || !plan.Hosts.Any(host => plan.Script.IsInGroup(host, group)) ? plan
            : plan with { LimitGroup = group, Tasks = [.. plan.Tasks.Select(task => task.Target == FleetTarget.Any ? task with { Target = FleetTarget.All } : task)] };
    }

    private static Gen<FleetPlan> Sized(Func<int, int, int, FleetPlan> make) =>
        from tasks in IsFull ? Gen.OneOf(Gen.Int[1, 20], Gen.Int[20, 60], Gen.Int[60, 200]) : Gen.OneOf(Gen.Int[1, 8], Gen.Int[8, 30])
        from hosts in IsFull ? Gen.OneOf(Gen.Int[1, 4], Gen.Int[4, 12], Gen.Int[12, 50]) : Gen.OneOf(Gen.Int[1, 3], Gen.Int[3, 8])
        from seed in Gen.Int
        select make(tasks, hosts, seed);

    private static FleetPlan Make(int tasks, int hosts, int seed)
    {
        Random random = new(seed);
        var flow = random.Next(2) == 0 ? PlanFlow.Task : PlanFlow.Host;
        var span = 200_000L * tasks;
        FleetPlan plan = new()
        {
            Script = new((ulong)random.NextInt64(), random.Next(4) switch { 0 => 3, 1 => 10, 2 => 25, _ => 50 }),
            Tasks = [],
            Hosts = [.. Enumerable.Range(0, hosts)],
            // Host 0 is never drained, so that a plan always has a host.
            Drained = random.Next(3) == 0 ? [.. Enumerable.Range(1, hosts - 1).Where(_ => random.Next(6) == 0)] : [],
            Flow = flow,
            Barriers = flow == PlanFlow.Task && random.Next(6) == 0,
            MaxParallelism = random.Next(3) == 0 ? random.Next(1, 5) : null,
            Stops = random.Next(3) == 0,
            Streams = random.Next(2) == 0,
            Throws = random.Next(3) == 0,
            IsOld = random.Next(15) == 0,
            Probes = random.Next(3) == 0,
            CancelAt = random.Next(5) == 0 ? random.NextInt64(span) : null,
            DeadlineAt = random.Next(8) == 0 ? 1 + random.NextInt64(span) : null,
            AbandonAt = random.Next(16) == 0 ? random.NextInt64(span) : null,
            AlwaysTimeout = random.Next(4) == 0 ? random.NextInt64(1, 1_500_000) : null,
            Drains = random.Next(4) == 0 ? [.. Enumerable.Range(1, hosts - 1).Where(_ => random.Next(5) == 0).Select(host => (host, random.NextInt64(span)))] : [],
        };
        var limits = random.Next(3) == 0;
        List<FleetTask> made = [];
        var reach = random.Next(1, 12);
        while (made.Count < tasks)
            made.Add(Task(made, reach, hosts, limits, random));
        return plan with { Tasks = [.. made] };
    }

    private static FleetTask Task(List<FleetTask> before, int reach, int hosts, bool limits, Random random)
    {
        var id = before.Count;
        int[] dependencies = [.. Enumerable.Range(0, id == 0 ? 0 : random.Next(4)).Select(_ => Math.Max(0, id - 1 - random.Next(reach))).Distinct().Order()];
        var target = random.Next(20) switch { < 4 => FleetTarget.Function, < 11 => FleetTarget.All, < 14 => FleetTarget.Group, < 16 => FleetTarget.Host, < 18 => FleetTarget.Any, 18 => FleetTarget.Nobody, _ => FleetTarget.SameAs };
        var targetId = target == FleetTarget.Host ? random.Next(hosts) : random.Next(4);
        if (target == FleetTarget.SameAs)
        {
            int[] ancestors = [.. Ancestors(before, dependencies).Where(ancestor => before[ancestor].Target != FleetTarget.Function)];
            (target, targetId) = ancestors is [] ? (FleetTarget.All, 0) : (target, ancestors[random.Next(ancestors.Length)]);
        }

        var always = dependencies is not [] && random.Next(10) == 0;
        var onHosts = target is not (FleetTarget.Function or FleetTarget.Any);
        FleetLimit? allowed = target != FleetTarget.Function && random.Next(4) == 0 ? Limit(random) : null;
        FleetLimit? max = target != FleetTarget.Function && random.Next(6) == 0 ? Limit(random) : null;
        return new()
        {
            Id = id,
            Dependencies = dependencies,
            Target = target,
            TargetId = targetId,
            Idempotency = (Idempotency)random.Next(3),
            Guard = random.Next(10) switch { 0 => FleetGuard.True, 1 => FleetGuard.False, 2 when random.Next(3) == 0 => FleetGuard.Throws, _ => FleetGuard.None },
            GuardsHosts = onHosts && random.Next(8) == 0,
            Requests = target != FleetTarget.Function && random.Next(5) == 0 ? random.Next(1, 4) : 0,
            Always = always,
            OnlyIfChanged = !always && dependencies is not [] && random.Next(6) == 0,
            OnlyIfFailed = !always && dependencies is not [] && random.Next(7) == 0,
            Retries = random.Next(3) == 0 ? random.Next(1, 4) : 0,
            Backoff = random.Next(2) == 0,
            Limit = limits && random.Next(3) == 0 ? random.NextInt64(1, 2_000_000) : null,
            Stops = random.Next(8) switch { 0 => true, < 4 => false, _ => null },
            Allowed = allowed,
            Max = max,
        };
    }

    // What depends on time: a stop, a time limit, a drain, the hosts that have not started when a task fails as a whole, and a failure that is judged
    // before other hosts have ended.
    private static FleetPlan WithoutTime(FleetPlan plan) => plan with
    {
        Stops = false,
        IsOld = false,
        Probes = false,
        CancelAt = null,
        DeadlineAt = null,
        AbandonAt = null,
        Drains = [],
        Tasks = [.. plan.Tasks.Select(task => WithoutTime(task, plan.Flow))],
    };

    private static FleetTask WithoutTime(FleetTask task, PlanFlow flow)
    {
        var isLimited = task.Allowed is not null || task.Max is not null;
        // Hosts with different requests end in jobs of their own.
        var isApart = flow == PlanFlow.Host || task.Requests > 1;
        return task with
        {
            Stops = task.Stops is null ? null : false,
            Limit = null,
            PlainFailures = isLimited,
            Guard = isLimited && task.Guard == FleetGuard.Throws ? FleetGuard.None : task.Guard,
            Max = isApart && isLimited ? new(1000, IsPercent: false) : task.Max,
            Retries = (isApart && isLimited) || task.Max is not null ? 0 : task.Retries,
        };
    }

    private static HashSet<int> Ancestors(List<FleetTask> before, int[] dependencies)
    {
        HashSet<int> all = [];
        Stack<int> open = new(dependencies);
        while (open.TryPop(out var next))
            if (all.Add(next))
                foreach (var dependency in before[next].Dependencies)
                    open.Push(dependency);
        return all;
    }

    private static FleetLimit Limit(Random random) => random.Next(2) == 0 ? new(random.Next(0, 4), IsPercent: false) : new(random.Next(0, 101), IsPercent: true);
}
