using Osapi.Operations.Health;
using Osapi.Operations.Node;

namespace Osapi.Orchestrator.Tests;

public sealed class DrawingTests
{
    [Fact]
    public void A_plan_explains_everything_it_has() => Assert.Equal(
        """
        Plan: 5 tasks, 3 levels

        Level 0 (parallel):
          alive [health.liveness.get]
          name [node.hostname.get group:web.dev]

        Level 1 (parallel):
          plain [fn] <- alive
          repair [fn] <- name, alive (only-if-failed)

        Level 2:
          "last" <one> [fn] <- repair (only-if-changed, only-if-failed, when)

        """,
        Everything().Explain());

    [Fact]
    public void A_plan_becomes_a_flowchart() => Assert.Equal(
        """
        flowchart TD
            t0["alive<br/>health.liveness.get"]
            t1["name<br/>node.hostname.get group:web.dev"]
            t2["plain"]
            t3["repair<br/>(only-if-failed)"]
            t4["#quot;last#quot; #lt;one#gt;<br/>(only-if-changed, only-if-failed, when)"]
            t0 --> t2
            t1 --> t3
            t0 --> t3
            t3 --> t4

        """,
        Everything().ToMermaid());

    [Fact]
    public void A_plan_becomes_a_graph() => Assert.Equal(
        """
        digraph plan {
            node [shape=box];
            t0 [label="alive\nhealth.liveness.get"];
            t1 [label="name\nnode.hostname.get group:web.dev"];
            t2 [label="plain"];
            t3 [label="repair\n(only-if-failed)"];
            t4 [label="\"last\" <one>\n(only-if-changed, only-if-failed, when)"];
            t0 -> t2;
            t1 -> t3;
            t0 -> t3;
            t3 -> t4;
        }

        """,
        Everything().ToDot());

    [Fact]
    public void Names_cannot_break_a_drawing()
    {
        var plan = Plans.Plan();
        plan.Does("a\\ #1");

        Assert.Contains("t0[\"a\\ #35;1\"]", plan.ToMermaid(), StringComparison.Ordinal);
        Assert.Contains("label=\"a\\\\ #1\"", plan.ToDot(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_is_not_valid_has_no_drawing()
    {
        var plan = Plans.Plan();
        plan.Does("");

        Assert.Throws<InvalidPlanException>(plan.ToMermaid);
        Assert.Throws<InvalidPlanException>(plan.ToDot);
    }

    [Fact]
    public async Task A_plan_lists_its_steps_before_it_runs()
    {
        PlanSummary? summary = null;
        Plan plan = new(null, new() { Hooks = new() { BeforePlan = lines => summary = lines } });
        var a = plan.Does("a");
        plan.Does("b").DependsOn(a);
        plan.Does("c").DependsOn(a);

        await plan.ToEndAsync();

        Assert.Equal(3, summary!.TotalTasks);
        Assert.Equal([("a", false), ("b c", true)], summary.Steps.Select(step => (string.Join(' ', step.Tasks), step.Parallel)));
    }

    [Fact]
    public async Task Levels_are_reported_with_their_tasks_and_results()
    {
        List<string> lines = [];
        Plan plan = new(null, new()
        {
            Hooks = new()
            {
                BeforeLevel = level => lines.Add($"{level.Level} {string.Join(' ', level.Tasks)} {level.Parallel}"),
                AfterLevel = level => lines.Add($"{level.Level} {string.Join(' ', level.Results.Select(result => $"{result.Name}:{result.Status.ToText()}"))}"),
            },
        });
        var a = plan.Does("a", Plans.Changed);
        plan.Does("b").DependsOn(a);
        plan.Does("c").DependsOn(a).When(_ => false);

        await plan.ToEndAsync();

        Assert.Equal(["0 a False", "0 a:changed", "1 b c True", "1 b:unchanged c:skipped"], lines);
    }

    [Fact]
    public void A_task_describes_itself()
    {
        var plan = Everything();

        Assert.Equal([false, false, true, true, true], plan.Tasks.Select(task => task.IsFunc));
        Assert.Equal(["health.liveness.get", "node.hostname.get", null, null, null], plan.Tasks.Select(task => task.Operation?.Id));
        Assert.Equal([null, "group:web.dev", null, null, null], plan.Tasks.Select(task => task.Target?.Text));
        Assert.Equal([false, false, false, true, true], plan.Tasks.Select(task => task.RequiresFailure));
        Assert.Equal("2", plan.Tasks[1].AllowHostFailures(2).AllowedHostFailures.ToString());
    }

    private static Plan Everything()
    {
        var plan = Plans.Plan();
        var alive = plan.Task("alive", HealthOperations.Liveness);
        var name = plan.Task("name", NodeOperations.Hostname, "group:web.dev");
        plan.Does("plain").DependsOn(alive);
        var repair = plan.Does("repair").DependsOn(name, alive).OnlyIfFailed();
        plan.Does("\"last\" <one>").DependsOn(repair).OnlyIfChanged().OnlyIfFailed().When(_ => true);
        return plan;
    }
}
