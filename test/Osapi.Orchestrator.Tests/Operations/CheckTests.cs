using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;
using Osapi.Operations.Node;

namespace Osapi.Orchestrator.Tests.Operations;

public sealed class CheckTests
{
    private readonly ScriptedInvoker invoker = new();

    [Theory]
    [InlineData("true", Status.Changed)]
    [InlineData("false", Status.Unchanged)]
    [InlineData("null", Status.Changed)]
    public async Task A_check_tells_what_would_change_and_what_nobody_knows_counts_as_changed(string changed, Status expected)
    {
        invoker.Answer($$$"""{"job_id":"j1","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":{{{changed}}},"diff":"-a\n+b\n"}}]}""");
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        plan.Task("hostname", NodeOperations.Hostname, "_all");

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([expected], report.Statuses());
        Assert.Equal("-a\n+b\n", Assert.Single(report.Tasks[0].HostResults).Check!.Diff);
    }

    [Theory]
    [InlineData("true", Status.Changed)]
    [InlineData("false", Status.Unchanged)]
    [InlineData("null", Status.Changed)]
    public async Task The_controller_too_is_only_asked(string changed, Status expected)
    {
        invoker.Answer($$$"""{"check":{"changed":{{{changed}}}}}""");
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        plan.Task("cancel", JobOperations.Cancel, new CancelJob { Id = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10" });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([expected], report.Statuses());
        Assert.Equal([true], invoker.Checks);
    }

    [Fact]
    public async Task What_the_controller_only_looks_up_is_looked_up()
    {
        invoker.Answer("""{"name":"a","sha256":"00","size":1,"content_type":"raw"}""");
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        plan.Task("get", FileOperations.Get, new GetFile { Name = "a" });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Unchanged], report.Statuses());
        Assert.Equal("a", (string)report.Tasks[0].Data!["name"]!);
        Assert.Equal([false], invoker.Checks);
    }

    [Theory]
    [InlineData("""{"job_id":"j1","results":[{"hostname":"web-01","outcome":"failed","changed":false,"error":"there is no file 'a' in the object store","error_type":"not_found"}]}""")]
    [InlineData("""{"job_id":"j1","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":false}}]}""")]
    public async Task Of_a_file_that_would_be_stored_first_nobody_can_know_what_deploying_it_changes(string answer)
    {
        invoker.Answer("""{"check":{"changed":true}}""").Answer(answer);
        var plan = UploadAndDeploy();

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Changed], report.Statuses());
        var check = Assert.Single(report.Tasks[1].HostResults).Check!;
        Assert.Equal((null, "a would be stored first"), (check.Changed, check.Reason));
        Assert.Equal("j1", report.Tasks[1].JobId);
    }

    [Fact]
    public async Task Of_a_file_that_is_stored_just_so_the_host_knows()
    {
        invoker.Answer("""{"check":{"changed":false}}""").Answer("""{"job_id":"j1","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":false}}]}""");

        var report = await UploadAndDeploy().RunAsync(Plans.Token);

        Assert.Equal([Status.Unchanged, Status.Unchanged], report.Statuses());
    }

    [Fact]
    public async Task A_refusal_of_what_an_earlier_task_changes_on_the_host_is_no_failure_and_any_other_is()
    {
        invoker
            .Answer("""{"job_id":"j1","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":null}},{"hostname":"web-02","outcome":"ok","changed":false,"check":{"changed":false}}]}""")
            .Answer("""{"job_id":"j2","results":[{"hostname":"web-01","outcome":"failed","changed":false,"error":"no such container: web","error_type":"not_found"},{"hostname":"web-02","outcome":"failed","changed":false,"error":"no such container: web","error_type":"not_found"}]}""");
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        var create = plan.Task("create", DockerOperations.Create, "_all", new CreateContainer { Image = "nginx", Name = "web" });
        plan.Task("start", DockerOperations.Start, "_all", new StartContainer { Id = "web" }).DependsOn(create);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Failed], report.Statuses());
        Assert.Equal(
            [(Status.Changed, "no such container: web, as long as the earlier tasks have not run", null), (Status.Failed, null, "no such container: web")],
            report.Tasks[1].HostResults.Select(host => (host.Status, host.Check?.Reason, host.Error)));
    }

    [Fact]
    public async Task A_single_host_that_refuses_and_the_controller_that_refuses_are_excused_alike()
    {
        invoker
            .Answer("""{"check":{"changed":true}}""")
            .Throw(new NotFoundException("no such file") { JobId = "j1", Results = [new() { Hostname = "web-01", Outcome = Outcome.Failed, Error = "no such file", ErrorType = ErrorType.NotFound }] })
            .Throw(new ConflictException("file b already exists with different content; use force to overwrite"))
            .Throw(new NotFoundException("file not found: c"))
            .Throw(new AuthException(403, "insufficient permissions"));
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker), OnError = ErrorStrategy.Continue });
        var first = plan.Task("delete", FileOperations.Delete, new DeleteFile { Name = "b" });
        var status = plan.Task("inspect", DockerOperations.Inspect, "web-01", new InspectContainer { Id = "web" }).DependsOn(first);
        var upload = plan.Task("upload", FileOperations.Upload, new UploadFile { Name = "b", Path = LocalFile.Of(new MemoryStream("x"u8.ToArray())) }).DependsOn(status);
        var get = plan.Task("get", FileOperations.Get, new GetFile { Name = "c" }).DependsOn(upload);
        plan.Task("forbidden", FileOperations.Delete, new DeleteFile { Name = "d" }).DependsOn(get);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Unchanged, Status.Changed, Status.Unchanged, Status.Failed], report.Statuses());
    }

    [Fact]
    public async Task A_refusal_with_nothing_before_it_is_a_failure()
    {
        invoker.Throw(new NotFoundException("file not found: a"));
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        plan.Task("delete", FileOperations.Delete, new DeleteFile { Name = "a" });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Failed], report.Statuses());
        Assert.Equal("file not found: a", report.Tasks[0].Error!.Message);
    }

    private Plan UploadAndDeploy()
    {
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        var upload = plan.Task("upload", FileOperations.Upload, new UploadFile { Name = "a", Path = LocalFile.Of(new MemoryStream("x"u8.ToArray())) });
        plan.Task("deploy", FileOperations.Deploy, "_all", new DeployFile { ObjectName = "a", Path = "/a", ContentType = FileContentType.Raw }).DependsOn(upload);
        return plan;
    }
}
