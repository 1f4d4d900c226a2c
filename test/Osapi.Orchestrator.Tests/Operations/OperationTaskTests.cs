using Osapi.Operations;
using Osapi.Operations.Health;
using Osapi.Operations.Node;

namespace Osapi.Orchestrator.Tests.Operations;

public sealed class OperationTaskTests
{
    [Fact]
    public async Task Calls_an_operation_and_gives_its_typed_answer()
    {
        ScriptedInvoker invoker = new();
        invoker.Answer("""{"job_id":"j1","results":[{"hostname":"web-01","outcome":"ok","changed":false,"os_hostname":"web-01.example.com"}]}""");
        Plan plan = new(null, new() { Invoker = invoker });
        var hostname = plan.Task("hostname", NodeOperations.Hostname, "_any");
        string? seen = null;
        plan.TaskFuncWithResults("greet", (_, results, _) =>
        {
            seen = results.Get(hostname)!.Results[0].Result!.OsHostname;
            return Task.FromResult(new Result());
        }).DependsOn(hostname);

        var report = (await plan.RunAsync(Plans.Token)).EnsureSuccess();

        Assert.Equal("web-01.example.com", seen);
        Assert.Equal("j1", report.Get("hostname")!.JobId);
        Assert.Equal("web-01", report.Get(hostname)!.Results[0].Hostname);
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
    public async Task Calls_an_operation_that_was_chosen_at_run_time()
    {
        ScriptedInvoker invoker = new();
        invoker.Answer("""{"job_id":"j1","results":[{"hostname":"web-01","outcome":"ok","changed":true,"os_hostname":"web-01"}]}""");
        Plan plan = new(null, new() { Invoker = invoker });
        plan.Task("hostname", (Operation)NodeOperations.Hostname, Target.All, new GetHostname());

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed], report.Statuses());
        Assert.Equal("node.hostname.get _all", Assert.Single(invoker.Calls));
    }
}
