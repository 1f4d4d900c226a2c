using Osapi.Client;

namespace Osapi.Orchestrator.Tests.Scenarios;

public sealed class PlanScenarios
{
    // Differs: bodies of a plan without a client get one that throws when it is called.
    [Fact, Scenario(28)]
    public async Task A_plan_gives_its_client_back_and_hands_it_to_its_bodies()
    {
        using OsapiClient client = new("http://127.0.0.1:8080", "");
        var seen = new OsapiClient?[2];
        foreach (var given in (OsapiClient?[])[client, null])
        {
            Plan plan = new(given);
            var a = plan.TaskFunc("a", (own, _) => Task.FromResult(Seen(0, own)));
            plan.TaskFuncWithResults("b", (own, _, _) => Task.FromResult(Seen(1, own))).DependsOn(a);

            await plan.ToEndAsync();

            Assert.Same(given, plan.Client);
            Assert.Same(given ?? seen[0], seen[0]);
            Assert.Same(seen[0], seen[1]);
            Assert.NotNull(seen[0]);
        }

        Result Seen(int place, OsapiClient? own)
        {
            seen[place] = own;
            return Plans.Unchanged;
        }
    }

    [Fact, Scenario(29)]
    public void A_plan_gives_its_options_back() => Assert.Equal("continue", Plans.Continuing().Options.OnError.ToString());

    [Fact, Scenario(30)]
    public void A_plan_lists_its_tasks()
    {
        var plan = Plans.Plan();
        Assert.Empty(plan.Tasks);

        var a = plan.Does("a");
        var b = plan.Does("b");

        Assert.Equal([a, b], plan.Tasks);
    }

    [Fact, Scenario(31)]
    public void Two_tasks_of_one_name_are_an_error()
    {
        var plan = Plans.Plan();
        plan.Does("a");
        plan.Does("a");

        Assert.Equal(["duplicate task name: \"a\""], plan.Validate().Select(error => error.Message));
    }

    [Fact, Scenario(32)]
    public void A_valid_plan_has_no_errors()
    {
        var plan = Plans.Plan();
        plan.Does("b").DependsOn(plan.Does("a"));

        Assert.Empty(plan.Validate());
    }

    [Fact, Scenario(33)]
    public void A_valid_plan_has_levels()
    {
        var plan = Plans.Plan();
        plan.Does("b").DependsOn(plan.Does("a"));

        Assert.Equal(["a", "b"], plan.Levels().Select(level => Assert.Single(level).Name));
    }

    // Differs: levels that do not exist are an exception, not a null.
    [Fact, Scenario(34)]
    public void An_invalid_plan_has_no_levels()
    {
        var plan = Plans.Plan();
        plan.Does("a").DependsOn(plan.Tasks);
        plan.Tasks[0].DependsOn(plan.Tasks[0]);

        Assert.Contains("cycle", Assert.Throws<InvalidPlanException>(() => plan.Levels()).Message, StringComparison.Ordinal);
    }

    [Fact, Scenario(35)]
    public void A_plan_explains_dependencies_and_guards()
    {
        var plan = Plans.Plan();
        var a = plan.Does("a");
        plan.Does("b").DependsOn(a).OnlyIfChanged().When(_ => true);

        Assert.Equal(
            """
            Plan: 2 tasks, 2 levels

            Level 0:
              a [fn]

            Level 1:
              b [fn] <- a (only-if-changed, when)

            """,
            plan.Explain());
    }

    [Fact, Scenario(36)]
    public void An_invalid_plan_explains_what_is_wrong()
    {
        var plan = Plans.Plan();
        var a = plan.Does("a");
        a.DependsOn(plan.Does("b").DependsOn(a));

        Assert.Equal("invalid plan: cycle detected: \"a\" depends on \"b\" depends on \"a\"", plan.Explain());
    }

    [Fact, Scenario(37)]
    public void A_plan_explains_what_runs_in_parallel()
    {
        var plan = Plans.Plan();
        plan.Does("a");
        plan.Does("b");

        Assert.Equal("Plan: 2 tasks, 1 level\n\nLevel 0 (parallel):\n  a [fn]\n  b [fn]\n", plan.Explain());
    }

    [Fact, Scenario(38)]
    public void A_plan_explains_a_guard()
    {
        var plan = Plans.Plan();
        plan.Does("a").When(_ => true);

        Assert.Contains("a [fn] (when)", plan.Explain(), StringComparison.Ordinal);
    }

    [Fact, Scenario(39)]
    public void A_chain_has_as_many_levels_as_tasks()
    {
        var plan = Plans.Plan();
        plan.Does("c").DependsOn(plan.Does("b").DependsOn(plan.Does("a")));

        Assert.Equal(3, plan.Levels().Count);
    }

    [Fact, Scenario(40)]
    public void A_diamond_has_three_levels()
    {
        var plan = Plans.Plan();
        var top = plan.Does("top");
        var left = plan.Does("left").DependsOn(top);
        var right = plan.Does("right").DependsOn(top);
        var bottom = plan.Does("bottom").DependsOn(left, right);

        Assert.Equal<IReadOnlyList<PlanTask>>([[top], [left, right], [bottom]], plan.Levels());
    }

    [Fact, Scenario(41)]
    public void Independent_tasks_have_one_level()
    {
        var plan = Plans.Plan();
        plan.Does("a");
        plan.Does("b");
        plan.Does("c");

        Assert.Equal(3, Assert.Single(plan.Levels()).Count);
    }

    [Fact, Scenario(77)]
    public void The_strategy_of_a_plan_is_an_option() =>
        Assert.Same(ErrorStrategy.Continue, new Plan(null, new() { OnError = ErrorStrategy.Continue }).Options.OnError);
}
