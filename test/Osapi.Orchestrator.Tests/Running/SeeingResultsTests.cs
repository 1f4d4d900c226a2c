using Osapi.Operations.Node;

namespace Osapi.Orchestrator.Tests.Running;

public sealed class SeeingResultsTests
{
    [Fact]
    public async Task A_task_sees_indirect_dependencies()
    {
        var plan = Plans.Plan();
        var a = plan.Does("a", Plans.Changed);
        var b = plan.Does("b").DependsOn(a);
        var other = plan.Does("other").DependsOn(plan.Does("root"));
        var seen = 0;
        plan.Does("c").DependsOn(other, b).When(results => results.Get("a")!.Changed && results.Get(a)!.Changed && ++seen > 0);

        await plan.ToEndAsync();

        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task A_task_that_reads_a_result_without_depending_on_it_gets_an_error_that_names_DependsOn()
    {
        var plan = Plans.Continuing();
        var a = plan.Does("a");
        plan.Does("by name").When(results => results.Get("a") is not null);
        plan.Does("by task").When(results => results.Get(a) is not null);
        plan.Does("later").When(results => results.Get("latest") is not null).DependsOn(a);
        plan.Does("latest").DependsOn(plan.Tasks[3]);
        plan.Does("itself").When(results => results.Get("itself") is not null);

        var report = await plan.ToEndAsync();

        Assert.Equal("task \"by name\" reads the result of \"a\" but does not depend on it: DependsOn is missing", report.Get("by name")!.Error!.Message);
        Assert.All(["by name", "by task", "later", "itself"], name => Assert.Equal(Status.Failed, report.Get(name)!.Status));
    }

    [Fact]
    public async Task A_task_of_another_plan_is_not_seen()
    {
        var foreign = Plans.Plan().Does("a");
        Plan other = new(null);
        other.Does("x");
        var typed = other.Task("hostname", NodeOperations.Hostname, "_any");
        var plan = Plans.Plan();
        var a = plan.Does("a");
        plan.Does("b").DependsOn(a).When(results => results.Get(foreign) is null && results.Get(typed) is null);

        Assert.Equal(Status.Unchanged, (await plan.ToEndAsync()).Get("b")!.Status);
    }

    [Fact]
    public async Task A_failed_task_shows_its_error_and_what_it_kept()
    {
        var plan = Plans.Continuing();
        var a = plan.Does("a", new() { Error = new InvalidOperationException("boom"), Changed = true, JobId = JobIds.Of("00000001-0000-7000-8000-000000000000"), JobDuration = TimeSpan.FromSeconds(1), Data = new() { ["x"] = 1 } });
        Result? seen = null;
        plan.Does("b").DependsOn(a).When(results => (seen = results.Get(a)) is not null);

        var report = await plan.ToEndAsync();

        Assert.Equal((Status.Failed, "boom", true, "00000001-0000-7000-8000-000000000000", TimeSpan.FromSeconds(1)), (seen!.Status, seen.Error!.Message, seen.Changed, seen.JobId?.ToString(), seen.JobDuration));
        Assert.Equal(1, (int)seen.Data!["x"]!);
        Assert.Equal(("00000001-0000-7000-8000-000000000000", TimeSpan.FromSeconds(1)), (report.Tasks[0].JobId?.ToString(), report.Tasks[0].JobDuration));
    }

    [Fact]
    public async Task A_report_has_nothing_for_a_name_that_is_not_in_the_plan()
    {
        var plan = Plans.Plan();
        plan.Does("a");

        var report = await plan.ToEndAsync();

        Assert.Null(report.Get("b"));
        Assert.Same(report, report.EnsureSuccess());
        Assert.Equal("a", plan.Tasks[0].ToString());
    }

    [Fact]
    public async Task Many_readers_may_read_at_once()
    {
        var plan = Plans.Plan();
        var source = plan.Does("source", new() { Data = System.Text.Json.Nodes.JsonNode.Parse("""{"a":{"b":[1,2,3]}}""")!.AsObject() });
        for (var index = 0; index < 200; index++)
            plan.TaskFuncWithResults($"reader {index}", (_, results, _) =>
                Task.FromResult(new Result { Changed = (int)results.Get("source")!.Data!["a"]!["b"]![2]! == 3 })).DependsOn(source);

        Assert.Equal("201 tasks, 200 changed, 1 unchanged", (await plan.ToEndAsync()).Summary());
    }
}
