namespace Osapi.Orchestrator.Tests.Running;

/// <summary>Tests of the decision table of docs/orchestrator.md, cell by cell.</summary>
public sealed class DecisionTableTests
{
    private const string Table =
        """
                                  | unchanged | changed   | failed    | partly    | stopped failed | stopped fine | aborted
        none                      | run       | run       | failure   | failure   | cancelled      | cancelled    | cancelled
        when                      | run       | run       | run       | run       | cancelled      | cancelled    | cancelled
        when-false                | guard     | guard     | guard     | guard     | cancelled      | cancelled    | cancelled
        when-throws               | error     | error     | error     | error     | cancelled      | cancelled    | cancelled
        changed                   | no-change | run       | failure   | failure   | cancelled      | cancelled    | cancelled
        changed when              | no-change | run       | no-change | run       | cancelled      | cancelled    | cancelled
        changed when-false        | no-change | guard     | no-change | guard     | cancelled      | cancelled    | cancelled
        changed when-throws       | no-change | error     | no-change | error     | cancelled      | cancelled    | cancelled
        failed                    | no-fail   | no-fail   | run       | run       | run            | cancelled    | cancelled
        failed when               | no-fail   | no-fail   | run       | run       | run            | cancelled    | cancelled
        failed when-false         | no-fail   | no-fail   | guard     | guard     | guard          | cancelled    | cancelled
        failed when-throws        | no-fail   | no-fail   | error     | error     | error          | cancelled    | cancelled
        changed failed            | no-fail   | no-fail   | no-change | run       | no-change      | cancelled    | cancelled
        changed failed when       | no-fail   | no-fail   | no-change | run       | no-change      | cancelled    | cancelled
        changed failed when-false | no-fail   | no-fail   | no-change | guard     | no-change      | cancelled    | cancelled
        """;

    public static IEnumerable<TheoryDataRow<string, string, string>> Cells()
    {
        string[][] rows = [.. Table.Split('\n').Select(line => (string[])[.. line.Split('|').Select(cell => cell.Trim())])];
        foreach (var row in rows[1..])
            for (var column = 1; column < row.Length; column++)
                yield return new(row[0], rows[0][column], row[column]);
    }

    [Theory, MemberData(nameof(Cells))]
    public async Task Decides_as_the_table_says(string modifiers, string situation, string expected)
    {
        using DecisionCase world = new(situation);
        var asked = false;
        var task = world.Plan.Does("task", Plans.Changed).DependsOn(world.Dependencies).OnError(ErrorStrategy.Continue);
        foreach (var modifier in modifiers.Split(' '))
            Modify(task, modifier, () => asked = true);
        world.Plan.Does("after").DependsOn(task);

        var report = await world.RunAsync();

        var result = report.Get("task")!;
        Assert.Equal(expected, Text(result));
        // A check after the deciding one is not made.
        if (expected is "failure" or "no-change" or "no-fail" or "cancelled")
            Assert.False(asked);
        if (!situation.StartsWith("stopped", StringComparison.Ordinal) && expected != "cancelled")
            Assert.Equal(JoinsFailures(expected, situation) ? "failure" : "run", Text(report.Get("after")!));
        Assert.Equal(world.Plan.Tasks.Count, report.Tasks.Count);
    }

    private static bool JoinsFailures(string outcome, string situation) =>
        outcome == "error" || (outcome != "run" && situation is "failed" or "partly" && outcome != "run");

    private static void Modify(PlanTask task, string modifier, Action asked) => _ = modifier switch
    {
        "changed" => task.OnlyIfChanged(),
        "failed" => task.OnlyIfFailed(),
        "when" => task.When(_ => Ask(asked, true)),
        "when-false" => task.When(_ => Ask(asked, false)),
        "when-throws" => task.When(_ => Ask(asked, true) ? throw new InvalidOperationException("guard") : true),
        _ => task,
    };

    private static bool Ask(Action asked, bool answer)
    {
        asked();
        return answer;
    }

    private static string Text(TaskResult result) => result switch
    {
        { Status: Status.Changed or Status.Unchanged, Attempts: 1 } => "run",
        { Status: Status.Cancelled, Attempts: 0 } => "cancelled",
        { Status: Status.Failed, Attempts: 0, Error: InvalidOperationException } => "error",
        { SkipReason: SkipReasons.DependencyFailed } => "failure",
        { SkipReason: SkipReasons.NoDependenciesChanged } => "no-change",
        { SkipReason: SkipReasons.NoDependenciesFailed } => "no-fail",
        { SkipReason: SkipReasons.GuardReturnedFalse } => "guard",
        _ => result.ToString(),
    };

    /// <summary>A plan whose next task finds its dependencies in a certain state.</summary>
    private sealed class DecisionCase : IDisposable
    {
        private readonly CancellationTokenSource source = new();

        public DecisionCase(string name)
        {
            Gate gate = new();
            Plan = Plans.Plan(new() { Hooks = new() { AfterTask = (task, _) => OpenAfter(task, gate) } });
            Dependencies = name switch
            {
                "unchanged" => [Plan.Does("x"), Plan.Does("y")],
                "changed" => [Plan.Does("x"), Plan.Does("y", Plans.Changed)],
                "failed" => [Plan.Does("x", Plans.Unchanged), Plan.Fails("y").OnError(ErrorStrategy.Continue)],
                "partly" => [Plan.Does("x"), Plan.Does("y", new() { Changed = true, Error = new InvalidOperationException() }).OnError(ErrorStrategy.Continue)],
                "stopped failed" => [Plan.Does("x"), Plan.Fails("y")],
                "stopped fine" => [EndsAfterTrigger(gate)],
                _ => [Plan.Does("x", also: source.Cancel)],
            };
            if (name == "stopped fine")
                Plan.Fails("trigger");
        }

        public Plan Plan { get; }

        public PlanTask[] Dependencies { get; }

        public void Dispose() => source.Dispose();

        public Task<Report> RunAsync() => Plan.RunAsync(source.Token);

        private PlanTask EndsAfterTrigger(Gate gate) => Plan.TaskFunc("x", async (_, _) => await gate.Result.Task);

        private static void OpenAfter(PlanTask task, Gate gate)
        {
            if (task.Name == "trigger")
                gate.Open();
        }
    }
}
