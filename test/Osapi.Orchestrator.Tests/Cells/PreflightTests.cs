using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Operations.Files;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;
using Osapi.Operations.Targets;

namespace Osapi.Orchestrator.Tests.Cells;

public sealed class PreflightTests
{
    [Fact]
    public async Task A_target_that_matches_nobody_is_told_with_the_other_mistakes_and_nothing_runs()
    {
        ScriptedFleet fleet = new("web-01");
        var ran = false;
        var plan = FleetPlans.Over(fleet);
        plan.Does("first", also: () => ran = true);
        plan.On("known", "_all");
        plan.On("unknown", "group:db");
        plan.On("misspelt", "web-99");
        plan.Does("reacts").OnlyIfChanged();

        var exception = await Assert.ThrowsAsync<InvalidPlanException>(plan.ToEndAsync);

        Assert.Equal(["reacts", "unknown", "misspelt"], exception.Errors.Select(error => error.Task));
        Assert.Equal((false, 0), (ran, fleet.Calls.Count));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_before_anything_runs()
    {
        ScriptedFleet fleet = new("web-01");
        var plan = FleetPlans.Over(fleet);
        plan.On("first", "_all");
        plan.Task("upload", Osapi.Operations.Files.FileOperations.Upload, new() { Name = "app.conf", Path = "/nothing/here.conf" });

        var error = Assert.Single((await Assert.ThrowsAsync<InvalidPlanException>(plan.ToEndAsync)).Errors);

        Assert.Equal("upload", error.Task);
        Assert.Contains("/nothing/here.conf", error.Message, StringComparison.Ordinal);
        Assert.Empty(fleet.Calls);
    }

    [Fact]
    public async Task A_target_may_be_empty_if_the_task_says_so()
    {
        ScriptedFleet fleet = new("web-01");
        var plan = FleetPlans.Over(fleet);
        var optional = plan.On("optional", "group:db").AllowEmpty();
        plan.Does("after").DependsOn(optional);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Skipped, Status.Unchanged], report.Statuses());
        Assert.Equal(SkipReasons.NoHosts, report.Get("optional")!.SkipReason);
    }

    [Fact]
    public async Task A_missing_permission_is_told_with_the_other_mistakes_whatever_the_operation_runs_on()
    {
        ScriptedFleet fleet = new("web-01");
        PermittingInvoker limited = new(fleet, id => id is "test.write.execute" or "job.list");
        Plan plan = new(client: null, new() { Invoker = limited });
        var first = plan.On("first", "_all");
        plan.Task("list", JobOperations.List);
        plan.Task("stored", FileOperations.List);
        plan.Task("again", FileOperations.List);
        plan.Task("same", CommandOperations.Shell, Target.SameAs(first), new() { Command = "true" }).DependsOn(first);
        plan.On("unknown", "group:db");
        plan.Task("live", HealthOperations.Liveness);

        var exception = await Assert.ThrowsAsync<InvalidPlanException>(plan.ToEndAsync);

        Assert.Equal(
            [
                "task \"stored\": insufficient permissions: file:read is required",
                "task \"again\": insufficient permissions: file:read is required",
                "task \"same\": insufficient permissions: command:execute is required",
                "task \"unknown\": target group:db matches no host",
            ],
            exception.Errors.Select(error => error.Message));
        Assert.All(exception.Errors.Take(3), error => Assert.IsType<AuthException>(error.Cause));
        Assert.Empty(fleet.Calls);
        Assert.Equal(
            ["command.shell.execute _any", "file.list _any", "job.list _any", "test.write.execute _all", "test.write.execute group:db"],
            limited.Questions.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_controller_that_cannot_tell_refuses_nothing(int status)
    {
        Plan plan = new(client: null, new()
        {
            Invoker = new PermittingInvoker(new("web-01"), id => throw (status switch
            {
                400 => new ValidationException($"operation: {id} runs on the controller and has no target"),
                404 => new NotFoundException("there is nothing at /target"),
                _ => new ServerException(status, "broken"),
            })),
        });
        plan.Task("stored", FileOperations.List);

        Assert.Equal([Status.Unchanged], (await plan.ToEndAsync()).Statuses());
    }

    /// <summary>A controller whose caller has some permissions.</summary>
    private sealed class PermittingInvoker(ScriptedFleet fleet, Func<string, bool> permits) : IOperationInvoker
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> questions = [];

        public IEnumerable<string> Questions => questions;

        public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
        {
            if (request is ResolveTarget resolve)
            {
                questions.Enqueue($"{resolve.Operation} {resolve.Target}");
                if (!permits(resolve.Operation))
                    throw new AuthException(403, $"insufficient permissions: {OperationCatalog.Default.Single(known => known.Id == resolve.Operation).Permission} is required");
            }

            return operation == FileOperations.List
                ? Task.FromResult<OperationReply>(new(System.Text.Json.JsonElement.Parse("""{"files":[],"total":0}""")))
                : fleet.SendAsync(operation, request, target, options, cancellationToken);
        }
    }
}
