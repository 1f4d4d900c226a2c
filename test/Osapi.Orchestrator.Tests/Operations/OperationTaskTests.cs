using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;
using Osapi.Operations.Node;

namespace Osapi.Orchestrator.Tests.Operations;

public sealed class OperationTaskTests
{
    [Fact]
    public async Task Calls_an_operation_and_gives_its_typed_answer()
    {
        ScriptedInvoker invoker = new();
        invoker.Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"os_hostname":"web-01.example.com"}]}""");
        Plan plan = new(null, new() { Invoker = invoker });
        var hostname = plan.Task("hostname", NodeOperations.Hostname, "_any");
        string? seen = null;
        plan.TaskFuncWithResults("greet", (_, results, _) =>
        {
            seen = results.Get(hostname)!.Hosts[0].Result!.OsHostname;
            return Task.FromResult(new Result());
        }).DependsOn(hostname);

        var report = (await plan.RunAsync(Plans.Token)).EnsureSuccess();

        Assert.Equal("web-01.example.com", seen);
        Assert.Equal("00000001-0000-7000-8000-000000000000", report.Get("hostname")!.JobId?.ToString());
        Assert.Equal("web-01", report.Get(hostname)!.Hosts[0].Hostname);
        Assert.Equal("web-01", Assert.Single(report.Get("hostname")!.HostResults).Hostname);
        Assert.Equal("web-01.example.com", (string?)report.Get("hostname")!.HostResults[0].Data!["os_hostname"]);
    }

    [Fact]
    public async Task Calls_an_operation_of_the_controller()
    {
        ScriptedInvoker invoker = new();
        invoker.Answer("""{"status":"ok"}""");
        Plan plan = new(null, new() { Invoker = invoker });
        var liveness = plan.Task("liveness", HealthOperations.Liveness);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal("ok", report.Get(liveness)!.Status);
        Assert.Equal("ok", (string?)report.Tasks[0].Data!["status"]);
    }

    [Fact]
    public async Task A_read_by_the_controller_is_no_change_and_an_action_is_one()
    {
        ScriptedInvoker invoker = new();
        // A change on a host of the job is not a change by the query of the job.
        invoker
            .Answer("""{"id":"0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10","target":"_any","operation":{"type":"file.deploy.execute","data":{}},"changed":true}""")
            .Answer("""{"id":"0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10","target":"_any","operation":{"type":"file.deploy.execute","data":{}},"changed":true,"cancelled":false}""")
            .Answer("""{"id":"0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10","target":"_any","operation":{"type":"file.deploy.execute","data":{}},"cancelled":true}""")
            .Answer("""{"name":"a","deleted":true}""")
            .Answer("{}");
        Plan plan = new(null, new() { Invoker = invoker });
        JobId id = JobIds.Of("0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10");
        var get = plan.Task("get", JobOperations.Get, new GetJob { Id = id });
        var late = plan.Task("cancel late", JobOperations.Cancel, new CancelJob { Id = id }).DependsOn(get);
        var cancel = plan.Task("cancel", JobOperations.Cancel, new CancelJob { Id = id }).DependsOn(late);
        var file = plan.Task("delete file", FileOperations.Delete, new DeleteFile { Name = "a" }).DependsOn(cancel);
        plan.Task("delete job", JobOperations.Delete, new DeleteJob { Id = id }).DependsOn(file);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Unchanged, Status.Unchanged, Status.Changed, Status.Changed, Status.Changed], report.Statuses());
    }

    [Fact]
    public async Task Calls_an_operation_that_was_chosen_at_run_time()
    {
        ScriptedInvoker invoker = new();
        invoker.Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":true,"os_hostname":"web-01"}]}""");
        Plan plan = new(null, new() { Invoker = invoker });
        plan.Task("hostname", (Operation)NodeOperations.Hostname, Target.All, new GetHostname());

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed], report.Statuses());
        Assert.Equal("node.hostname.get _all", Assert.Single(invoker.Calls));
    }

    [Fact]
    public async Task The_report_of_one_plan_has_no_answer_for_the_task_of_another()
    {
        ScriptedInvoker invoker = new();
        invoker.Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"os_hostname":"web-01"}]}""");
        Plan plan = new(null, new() { Invoker = invoker });
        var own = plan.Task("hostname", NodeOperations.Hostname, "_any");
        var foreign = new Plan(null, new() { Invoker = invoker }).Task("hostname", NodeOperations.Hostname, "_any");

        var report = await plan.RunAsync(Plans.Token);
        own.Name = "renamed";

        Assert.Null(report.Get(foreign));
        Assert.Equal("00000001-0000-7000-8000-000000000000", report.Get(own)!.JobId.ToString());
        Assert.NotNull(report.Get("hostname"));
    }
}
