using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>A random plan whose outcome does not depend on time, so that an interrupted run of it must end as one that was not.</summary>
internal sealed class RecordedPlan(int seed)
{
    /// <summary>How often each function ran to its end.</summary>
    public Dictionary<string, int> Functions { get; } = [];

    public Plan Build(IOperationInvoker invoker, RunOptions? run)
    {
        Random random = new(seed);
        Plan plan = new(new OsapiClient(invoker), new()
        {
            // Which of several running tasks are stopped depends on time, but not with a single one.
            OnError = ErrorStrategy.Continue,
            Flow = random.Next(3) == 0 ? PlanFlow.Host : PlanFlow.Task,
            MaxParallelism = random.Next(3) == 0 ? random.Next(1, 4) : null,
            Run = run,
        });
        var count = random.Next(2, 10);
        for (var number = 0; number < count; number++)
            Add(plan, $"t{number}", random);
        return plan;
    }

    /// <summary>The outcome of a task on a host by the number of the attempt.</summary>
    public Outcome OutcomeOf(string task, string host, int attempt) => HashOf(task, host, attempt) % 10 < 3 ? Outcome.Failed : Outcome.Ok;

    public bool Changes(string task, string host, int attempt) => HashOf(task, host, -attempt) % 2 == 0;

    private void Add(Plan plan, string name, Random random)
    {
        var earlier = plan.Tasks.Where(_ => random.Next(3) == 0).ToList();
        var task = random.Next(4) == 0 ? AddFunction(plan, name) : AddOperation(plan, name, random, earlier);
        task.DependsOn(earlier);
        if (earlier.Count > 0)
            _ = random.Next(8) switch
            {
                0 or 1 => task.OnlyIfChanged(),
                2 => task.OnlyIfFailed(),
                3 => task.Always(),
                4 => task.When(results => HashOf(name, "", 7) % 2 == 0),
                5 when !task.IsFunc => task.When((results, host) => HashOf(name, host, 7) % 2 == 0),
                _ => task,
            };
        if (random.Next(3) == 0)
            task.OnError(ErrorStrategy.Retry(random.Next(1, 3)));
    }

    private PlanTask AddFunction(Plan plan, string name)
    {
        return plan.TaskFunc(name, _ =>
        {
            lock (Functions)
                Functions[name] = Functions.GetValueOrDefault(name) + 1;
            return new Result { Changed = HashOf(name, "", 0) % 2 == 0, Data = new() { ["name"] = name } };
        });
    }

    private static PlanTask AddOperation(Plan plan, string name, Random random, List<PlanTask> earlier)
    {
        var operation = random.Next(2) == 0 ? TestOperations.Append : TestOperations.Write;
        PlanTarget target = random.Next(6) switch
        {
            0 => "h1",
            1 => Target.OfHosts("h1", "h3"),
            5 => Target.Any,
            2 when earlier.Find(task => !task.IsFunc) is { } origin => PlanTarget.SameAs(origin),
            _ => "_all",
        };
        if (random.Next(4) == 0)
        {
            var count = random.Next(0, 4);
            return plan.TaskForEach(name, operation, target, (results, host) =>
                [.. Enumerable.Range(0, host == "h2" ? count / 2 : count).Select(item => new PlanItem($"i{item}", new TestOperations.WriteFile { Path = $"{name}.{item}" }) { SkipReason = item == 1 ? "not this one" : null })]);
        }

        return random.Next(4) == 0
            ? plan.Task(name, operation, target, (results, host) => new() { Path = name, Count = host == "h1" ? 1 : 2 })
            : plan.Task(name, operation, target, new() { Path = name });
    }

    private int HashOf(string task, string host, int attempt)
    {
        // The same in every process.
        var hash = (uint)seed * 2654435761u;
        foreach (var letter in $"{task}/{host}/{attempt}")
            hash = (hash ^ letter) * 16777619u;
        return (int)(hash >> 8 & 0xffff);
    }
}
