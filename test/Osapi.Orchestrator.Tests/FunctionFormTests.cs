using Osapi.Client;

namespace Osapi.Orchestrator.Tests;

/// <summary>The forms that a body may have. Half of the test is that each compiles with the intended overload.</summary>
public sealed class FunctionFormTests
{
    private static Result Known { get; } = new() { Changed = true, Data = new() { ["known"] = true } };

    [Fact]
    public async Task A_body_is_an_async_or_a_plain_lambda_or_a_method()
    {
        var plan = Plans.Plan();
        PlanTask[] tasks =
        [
            plan.TaskFunc("async lambda", async (_, cancellationToken) =>
            {
                await Task.CompletedTask.WaitAsync(cancellationToken);
                return Known;
            }),
            plan.TaskFunc("lambda that returns a task", (_, _) => Task.FromResult(Known)),
            plan.TaskFunc("lambda", client => Known),
            plan.TaskFunc("lambda with a type", (OsapiClient client) => Known),
            plan.TaskFunc("lambda with a token", (_, cancellationToken) => cancellationToken.IsCancellationRequested ? Plans.Unchanged : Known),
            plan.TaskFunc("statements", _ =>
            {
                var known = Known;
                return known;
            }),
            plan.TaskFunc("target-typed", _ => new() { Changed = true, Data = new() { ["known"] = true } }),
            plan.TaskFunc("async method", KnownAsync),
            plan.TaskFunc("method", GetKnown),
            plan.TaskFunc("method with a token", GetKnownWithToken),
            plan.TaskFunc("delegate", new TaskFunction(KnownAsync)),
        ];

        var report = await plan.ToEndAsync();

        Assert.All(tasks, task => Assert.Equal((Status.Changed, true), (report.Get(task.Name)!.Status, (bool)report.Get(task.Name)!.Data!["known"]!)));
    }

    [Fact]
    public async Task A_body_that_reads_results_is_one_too()
    {
        var plan = Plans.Plan();
        var first = plan.TaskFunc("first", _ => Known);
        PlanTask[] tasks =
        [
            plan.TaskFuncWithResults("async lambda", async (_, results, cancellationToken) =>
            {
                await Task.CompletedTask.WaitAsync(cancellationToken);
                return results.Get("first")!;
            }),
            plan.TaskFuncWithResults("lambda", (_, results) => results.Get(first)!),
            plan.TaskFuncWithResults("lambda with a token", (_, results, _) => results.Get(first)!),
            plan.TaskFuncWithResults("async method", ReadAsync),
            plan.TaskFuncWithResults("method", GetRead),
        ];
        foreach (var task in tasks)
            task.DependsOn(first);

        var report = await plan.ToEndAsync();

        Assert.All(tasks, task => Assert.Equal((Status.Changed, true), (report.Get(task.Name)!.Status, (bool)report.Get(task.Name)!.Data!["known"]!)));
    }

    [Fact]
    public async Task A_body_that_only_throws_is_no_ambiguity()
    {
        var plan = Plans.Continuing();
        plan.TaskFunc("token", (_, _) => throw new TimeoutException("a"));
        plan.TaskFunc("plain", _ => throw new TimeoutException("b"));
        plan.TaskFuncWithResults("results", (_, _, _) => throw new TimeoutException("c"));
        plan.TaskFuncWithResults("plain results", (_, _) => throw new TimeoutException("d"));

        var report = await plan.ToEndAsync();

        Assert.Equal(["a", "b", "c", "d"], report.Tasks.Select(task => task.Error!.Message));
    }

    [Fact]
    public void A_body_that_is_missing_is_a_mistake_of_the_plan_in_every_form()
    {
        var plan = Plans.Plan();
        plan.TaskFunc("a", (Func<OsapiClient, Result>)null!);
        plan.TaskFunc("b", (Func<OsapiClient, CancellationToken, Result>)null!);
        plan.TaskFuncWithResults("c", (Func<OsapiClient, Results, Result>)null!);
        plan.TaskFuncWithResults("d", (Func<OsapiClient, Results, CancellationToken, Result>)null!);

        Assert.Equal(["a", "b", "c", "d"], plan.Validate().Where(error => error.Message.EndsWith("has no body", StringComparison.Ordinal)).Select(error => error.Task));
    }

    private static Task<Result> KnownAsync(OsapiClient client, CancellationToken cancellationToken) => Task.FromResult(Known);

    private static Result GetKnown(OsapiClient client) => Known;

    private static Result GetKnownWithToken(OsapiClient client, CancellationToken cancellationToken) => Known;

    private static Task<Result> ReadAsync(OsapiClient client, Results results, CancellationToken cancellationToken) => Task.FromResult(results.Get("first")!);

    private static Result GetRead(OsapiClient client, Results results) => results.Get("first")!;
}
