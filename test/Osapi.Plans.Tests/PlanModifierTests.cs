using Osapi.Orchestrator;

namespace Osapi.Plans.Tests;

/// <summary>Tests of the conditions of a task in a plan file, and of the consequences of its failure.</summary>
public sealed class PlanModifierTests
{
    [Fact]
    public void Absent_modifiers_are_null()
    {
        var plan = PlanText.Read("name: p\ntasks: [{name: a, op: health.liveness.get}]\n");

        Assert.Equal((null, null, null), (plan.OnError, plan.MaxParallelism, plan.Deadline));
        Assert.Equivalent(new TaskModifiers(), Assert.Single(plan.Tasks).Modifiers);
    }

    [Fact]
    public void The_plan_has_a_strategy_a_limit_and_a_deadline()
    {
        var plan = PlanText.Read("name: p\non_error: continue\nmax_parallelism: 4\ndeadline: 90m\ntasks: [{name: a, op: health.liveness.get}]\n");

        Assert.Equal((ErrorStrategy.Continue, 4, TimeSpan.FromMinutes(90)), (plan.OnError, plan.MaxParallelism, plan.Deadline));
    }

    [Fact]
    public void Every_modifier_is_read()
    {
        var modifiers = Modifiers(
            "only_if_changed: true, only_if_failed: true, on_error: retry(3).then(continue), timeout: 90s, allow_host_failures: 20%, "
            + "when: {task: a, status: [failed, succeeded], reason: nothing to do}");

        Assert.True(modifiers is { OnlyIfChanged: true, OnlyIfFailed: true });
        Assert.Equal("retry(3).then(continue)", modifiers.OnError!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(90), modifiers.Timeout);
        Assert.Equal(HostFailureLimit.Percent(20), modifiers.AllowHostFailures);
        var condition = Assert.Single(modifiers.When);
        Assert.Equal(("a", "nothing to do"), (condition.Task, condition.Reason));
        Assert.Equal([Status.Failed, Status.Changed, Status.Unchanged], condition.Statuses);
    }

    [Fact]
    public void A_retry_with_waits_is_a_mapping()
    {
        var retry = Assert.IsType<RetryStrategy>(Modifiers("on_error: {retry: 5, initial: 1s, max: 2m, then: continue}").OnError);

        Assert.Equal((5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)), (retry.RetryCount, retry.Initial, retry.Max));
        Assert.Equal("retry(5).then(continue)", retry.ToString());
    }

    [Fact]
    public void Several_conditions_are_a_list_that_may_have_always()
    {
        var modifiers = Modifiers("when: [always, {task: a, status: failed}]");

        Assert.True(modifiers.Always);
        Assert.Equal(["a"], modifiers.When.Select(condition => condition.Task));
        Assert.True(Modifiers("when: always").Always);
    }

    [Fact]
    public void Hosts_can_go_on_by_themselves_and_have_limits()
    {
        var plan = PlanText.Read("""
            name: p
            flow: host
            tasks:
              - {name: a, op: node.hostname.get, target: _any, max_host_failures: 0, allow_empty: true}
              - {name: b, op: node.hostname.get, target: {same_as: a}, depends_on: a}
            """);

        Assert.Equal(PlanFlow.Host, plan.Flow);
        Assert.Equal((HostFailureLimit.Count(0), true), (plan.Tasks[0].Modifiers.MaxHostFailures, plan.Tasks[0].Modifiers.AllowEmpty));
        Assert.Equal((null, "a"), (plan.Tasks[1].Target, plan.Tasks[1].SameAs));
    }

    [Fact]
    public void Mistakes_about_hosts_are_reported()
    {
        var problems = PlanText.Problems("""
            name: p
            flow: hosts
            tasks:
              - {name: a, op: health.liveness.get}
              - {name: b, op: node.hostname.get, target: {same_as: a}, depends_on: a}
              - {name: c, op: node.hostname.get, target: {same_as: b}}
              - {name: d, op: node.hostname.get, target: {same: b}, max_host_failures: many}
              - {name: e, op: node.hostname.get, target: _any, depends_on: a, when: always, only_if_changed: true}
              - {name: f, op: health.liveness.get, when: always}
            """);

        Assert.Equal(
            [
                "2:7: 'flow' must be task or host; did you mean 'host'?",
                "5:56: same_as: 'a' does not run on hosts",
                "6:56: same_as: 'c' does not depend on 'b': add it to 'depends_on'",
                "7:46: 'same_as' is required",
                "7:47: 'same' is unknown (known: same_as)",
                "7:76: 'max_host_failures' must be a number of hosts or a percentage, such as 2 or 20%",
                "8:98: 'only_if_changed' and 'when: always' exclude each other",
                "9:46: 'when: always' requires tasks in 'depends_on'",
            ],
            problems);
    }

    [Fact]
    public void Every_mistake_is_reported_at_once()
    {
        var problems = PlanText.Problems("""
            name: p
            on_error: stop
            max_parallelism: 0
            deadline: 90
            tasks:
              - name: a
                op: health.liveness.get
                only_if_failed: true
                timeout: 50d
              - name: b
                op: health.liveness.get
                depends_on: [a]
                only_if_changed: maybe
                on_error: {retri: 3, initial: 2m, max: 1m, then: stop}
                allow_host_failures: 120%
                when:
                  - sometimes
                  - task: a
                    status: faild
                  - status: failed
                  - task: c
                    status: failed
                  - task: aa
                    status: failed
              - name: c
                op: health.liveness.get
            """);

        Assert.Equal(
            [
                "2:11: 'on_error' must be stop_all, continue, retry(N), retry(N).then(continue), or a mapping with retry, initial, max and then",
                "3:18: 'max_parallelism' must be a whole number from 1",
                "4:11: 'deadline' must be a time such as 500ms, 90s, 1m30s, 2h or 7d, at most 49d",
                "8:21: 'only_if_failed' requires tasks in 'depends_on'",
                "9:14: 'timeout' must be a time such as 500ms, 90s, 1m30s, 2h or 7d, at most 49d",
                "13:22: 'only_if_changed' must be true or false",
                "14:16: 'retri' is unknown; did you mean 'retry'? (known: retry, initial, max, then)",
                "14:44: 'max' must not be shorter than 'initial'",
                "14:54: 'then' must be stop_all or continue",
                "15:26: 'allow_host_failures' must be a number of hosts or a percentage, such as 2 or 20%",
                "17:9: 'when' must be always, or conditions with task and status",
                "19:17: 'faild' is not the status of an ended task; did you mean 'failed'? (known: succeeded, changed, unchanged, skipped, failed, cancelled)",
                "20:9: 'task' is required",
                "21:15: when: 'b' does not depend on 'c': add it to 'depends_on'",
                "23:15: when: there is no task 'aa'; did you mean 'a'?",
            ],
            problems);
    }

    [Fact]
    public void A_condition_may_look_at_an_indirect_dependency()
    {
        var plan = PlanText.Read("""
            name: p
            tasks:
              - {name: a, op: health.liveness.get}
              - {name: b, op: health.liveness.get, depends_on: a}
              - {name: c, op: health.liveness.get, depends_on: b, when: {task: a, status: unchanged}}
            """);

        Assert.Equal("a", Assert.Single(plan.Tasks[2].Modifiers.When).Task);
    }

    private static TaskModifiers Modifiers(string members) => PlanText.Read(
        "name: p\ntasks:\n- {name: a, op: health.liveness.get}\n- {name: b, op: health.liveness.get, depends_on: a, " + members + "}\n").Tasks[1].Modifiers;
}
