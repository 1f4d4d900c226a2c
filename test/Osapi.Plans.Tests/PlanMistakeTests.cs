namespace Osapi.Plans.Tests;

/// <summary>Tests of the errors in a plan file and their positions.</summary>
public sealed class PlanMistakeTests
{
    [Fact]
    public void Every_mistake_is_reported_at_once_in_the_order_of_the_file()
    {
        var problems = PlanText.Problems("""
            name: p
            tusks: 1
            tasks:
              - name: a
                op: node.hostnam.get
                target: _any
              - name: b
                op: node.uptime.get
                target: _some
                depend_on: [a]
              - name: b
                op: node.uptime.get
                depends_on: [aa, c]
              - name: c
                op: health.liveness.get
                target: _any
              - 5
            """);

        Assert.Equal(
            [
                "2:1: 'tusks' is unknown; did you mean 'tasks'? (known: name, on_error, max_parallelism, deadline, flow, tasks)",
                "5:9: there is no operation 'node.hostnam.get'; did you mean 'node.hostname.get'? (osapi operations lists them)",
                "9:13: target '_some' is unknown: names with a leading underscore are reserved, and only _any and _all exist",
                "10:5: 'depend_on' is unknown; did you mean 'depends_on'? (known: name, op, target, with, depends_on, when, only_if_changed, only_if_failed, on_error, timeout, allow_host_failures, max_host_failures, allow_empty)",
                "11:5: target is required: _any, _all, a host name or key:value",
                "11:11: there is another task 'b'; names must be unique (first in line 7)",
                "13:18: depends_on: there is no task 'aa'; did you mean 'a'?",
                "16:13: health.liveness.get runs on the controller and takes no target",
                "17:5: a task is a mapping with name, op, target, with, depends_on, when, only_if_changed, only_if_failed, on_error, timeout, allow_host_failures, max_host_failures, allow_empty",
            ],
            problems);
    }

    [Theory]
    [InlineData("", "1:1: a plan file is a mapping with 'name' and 'tasks'")]
    [InlineData("# nothing\n", "1:1: a plan file is a mapping with 'name' and 'tasks'")]
    [InlineData("- a\n", "1:1: a plan file is a mapping with 'name' and 'tasks'")]
    [InlineData("name: p\n", "1:1: 'tasks' is required")]
    [InlineData("tasks: [{name: a, op: health.liveness.get}]\n", "1:1: 'name' is required")]
    [InlineData("name: p\ntasks: []\n", "2:8: 'tasks' must be a list with at least one task")]
    [InlineData("name: p\ntasks: all\n", "2:8: 'tasks' must be a list with at least one task")]
    [InlineData("name: [p]\ntasks: [{name: a, op: health.liveness.get}]\n", "1:7: 'name' must be text")]
    [InlineData("name:\ntasks: [{name: a, op: health.liveness.get}]\n", "1:6: 'name' must be text")]
    [InlineData("name: p\ntasks: [{op: health.liveness.get}]\n", "2:9: 'name' is required")]
    [InlineData("name: p\ntasks: [{name: a}]\n", "2:9: 'op' is required")]
    [InlineData("name: p\ntasks: [{name: a, op: [x]}]\n", "2:23: 'op' must be text")]
    [InlineData("name: p\ntasks: [{name: a, op: node.load.get, target: {x: y}}]\n", "2:46: 'same_as' is required", "2:47: 'x' is unknown (known: same_as)")]
    [InlineData("name: p\ntasks: [{name: a, op: node.load.get, target: [x]}]\n", "2:46: 'target' must be text")]
    [InlineData("name: p\ntasks: [{name: a, op: health.liveness.get, depends_on: {x: y}}]\n", "2:56: 'depends_on' must be a list of texts")]
    [InlineData("name: p\ntasks: [{name: a, op: health.liveness.get, depends_on: [a, [b]]}]\n", "2:16: cycle: a -> a", "2:60: 'depends_on' must be a list of texts")]
    [InlineData("name: p\ntasks: [{name: a, op: health.liveness.get, with: [x]}]\n", "2:50: 'with' must be a mapping of the operation's members")]
    [InlineData("name: p\ntasks: [{name: a, op: health.liveness.get}]\n--- \nname: q\n", "3:1: a second document starts here; a file holds one")]
    [InlineData("name: p\nname: q\ntasks: [{name: a, op: health.liveness.get, op: node.load.get}]\n", "2:1: 'name' is given more than once (first in line 1)", "3:44: 'op' is given more than once (first in line 3)")]
    [InlineData("name: p\n? [a]\n: b\ntasks: [{name: a, op: health.liveness.get, ~: 1}]\n", "2:3: a key must be text", "4:44: a key must be text")]
    [InlineData("name: !secret p\ntasks: [{name: a, op: health.liveness.get}]\n", "1:7: a value that begins with '!' is a tag; a text or a condition needs quotes")]
    public void A_file_that_is_not_a_plan_is_reported_with_position_and_reason(string text, params string[] problems) => Assert.Equal(problems, PlanText.Problems(text));

    [Theory]
    [InlineData("name: p\ntasks:\n\t- name: a\n", 3)]
    [InlineData("name: p\ntasks: [a, b\n", 2)]
    [InlineData("name: 'p\n", 1)]
    [InlineData("name: p\n  tasks: x\n", 2)]
    [InlineData("name: @p\n", 1)]
    [InlineData("name: \"\\q\"\n", 1)]
    public void Invalid_yaml_is_reported_with_its_position(string text, int line)
    {
        var problem = Assert.Single(PlanText.Problems(text));

        Assert.StartsWith($"{line}:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_cycle_is_reported_with_its_whole_path_and_its_dependents_are_not()
    {
        var problems = PlanText.Problems(Graph("a:c b:a c:b behind:a free: x:y y:x self:self"));

        Assert.Equal(["3:12: cycle: a -> c -> b -> a", "8:12: cycle: x -> y -> x", "10:12: cycle: self -> self"], problems);
    }

    [Fact]
    public void A_cycle_is_reported_from_its_first_task_in_the_file()
    {
        var problems = PlanText.Problems(Graph("behind:c c:b a:c b:a"));

        Assert.Equal(["4:12: cycle: c -> b -> a -> c"], problems);
    }

    [Fact]
    public void A_cycle_of_very_many_tasks_is_found_quickly()
    {
        const int Many = 20_000;
        var ring = string.Join(' ', Enumerable.Range(0, Many).Select(i => $"t{i}:t{(i + 1) % Many}"));

        var problem = Assert.Single(PlanText.Problems(Graph(ring)));

        Assert.StartsWith("3:12: cycle: t0 -> t1 -> t2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_a_request_are_reported_with_their_positions()
    {
        var problems = PlanText.Problems("""
            name: p
            tasks:
              - name: a
                op: sample.unit.run
                target: _any
                with:
                  unit: nginx
                  comand: ls
                  timeout: 301
                  env:
                    A: [1]
                  mounts:
                    - source: /a
                    - labels: [x]
                      size: 1
                  mode: fast
            """);

        Assert.Equal(
            [
                "8:7: comand is unknown; did you mean 'command'?",
                "9:7: timeout must be between 1 and 300",
                "11:9: env.A must be text",
                "14:11: mounts[1].source is required",
                "15:11: mounts[1].size is unknown",
                "16:7: mode must be one of raw, template, word_by_word",
            ],
            problems);
    }

    [Fact]
    public void Rules_over_several_members_are_reported_at_the_member_that_they_name()
    {
        Assert.Equal(["6:52: timeout must not be given with detached"], PlanText.Problems(PlanText.With("detached: true, timeout: 5")));
        Assert.Equal(["6:9: owner and unit must differ"], PlanText.Problems(PlanText.With("owner: {name: nginx}")));
    }

    [Fact]
    public void A_missing_request_is_reported_at_its_task() =>
        Assert.Equal(
            ["2:9: unit is required", "2:9: command is required"],
            PlanText.Problems("name: p\ntasks: [{name: a, op: sample.unit.run, target: _any}]\n"));

    private static string Graph(string tasks) => "name: p\ntasks:\n" + string.Concat(tasks.Split(' ').Select(task => task.Split(':'))
        .Select(task => $"  - {{name: {task[0]}, op: health.liveness.get, depends_on: [{task[1]}]}}\n"));
}
