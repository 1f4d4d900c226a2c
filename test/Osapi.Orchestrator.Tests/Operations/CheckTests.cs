using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Command;
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
    public async Task A_check_reports_predicted_changes_and_unpredictable_ones_count_as_changed(string changed, Status expected)
    {
        invoker.Answer($$$"""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":{{{changed}}},"diff":"-a\n+b\n"}}]}""");
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
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
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        plan.Task("cancel", JobOperations.Cancel, new CancelJob { Id = JobIds.Of("0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10") });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([expected], report.Statuses());
        Assert.Equal([true], invoker.Checks);
    }

    [Fact]
    public async Task Read_only_controller_operations_run_in_a_check()
    {
        invoker.Answer("""{"name":"a","sha256":"00","size":1,"content_type":"raw"}""");
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        plan.Task("get", FileOperations.Get, new GetFile { Name = "a" });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Unchanged], report.Statuses());
        Assert.Equal("a", (string)report.Tasks[0].Data!["name"]!);
        Assert.Equal([false], invoker.Checks);
    }

    [Theory]
    [InlineData("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"failed","changed":false,"error":"there is no file 'a' in the object store","error_type":"not_found"}]}""")]
    [InlineData("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":false}}]}""")]
    public async Task The_deployment_of_a_large_file_that_would_be_stored_first_cannot_be_predicted(string answer)
    {
        invoker.Answer("""{"check":{"changed":true}}""").Answer(answer);
        var plan = UploadAndDeploy(size: 1024 * 1024 + 1);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Changed], report.Statuses());
        var check = Assert.Single(report.Tasks[1].HostResults).Check!;
        Assert.Null(check.Changed);
        Assert.StartsWith("a would change first", check.Reason, StringComparison.Ordinal);
        Assert.Equal("00000001-0000-7000-8000-000000000000", report.Tasks[1].JobId?.ToString());
    }

    [Fact]
    public async Task The_deployment_of_a_file_that_would_be_stored_first_is_compared_with_its_content()
    {
        invoker.Answer("""{"check":{"changed":true}}""").Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":false}}]}""");

        var report = await UploadAndDeploy().RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Unchanged], report.Statuses());
        Assert.Equal("eA==", ((DeployFile)invoker.Requests[1]).CheckContent);
    }

    [Fact]
    public async Task Content_that_may_not_be_sent_leaves_the_deployment_without_a_prediction()
    {
        invoker.Answer("""{"check":{"changed":true}}""")
            .Throw(new ConflictException("web-01 has no key: secrets are not sent to it"))
            .Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":true}}]}""");

        var report = await UploadAndDeploy().RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Changed], report.Statuses());
        Assert.Equal("a would change first", Assert.Single(report.Tasks[1].HostResults).Check!.Reason);
        Assert.Null(((DeployFile)invoker.Requests[2]).CheckContent);
    }

    [Fact]
    public async Task The_deployment_of_an_unchanged_stored_file_is_predicted_by_the_host()
    {
        invoker.Answer("""{"check":{"changed":false}}""").Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":false}}]}""");

        var report = await UploadAndDeploy().RunAsync(Plans.Token);

        Assert.Equal([Status.Unchanged, Status.Unchanged], report.Statuses());
    }

    [Fact]
    public async Task A_refusal_of_what_an_earlier_task_changes_on_the_host_is_no_failure_and_any_other_is()
    {
        invoker
            .Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":null}},{"hostname":"web-02","outcome":"ok","changed":false,"check":{"changed":false}}]}""")
            .Answer("""{"job_id":"00000002-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"failed","changed":false,"error":"no such container: web","error_type":"not_found"},{"hostname":"web-02","outcome":"failed","changed":false,"error":"no such container: web","error_type":"not_found"}]}""");
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        var create = plan.Task("create", DockerOperations.Create, "_all", new CreateContainer { Image = "nginx", Name = "web" });
        plan.Task("start", DockerOperations.Start, "_all", new StartContainer { Id = "web" }).DependsOn(create);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Failed], report.Statuses());
        Assert.Equal(
            [(Status.Changed, "web would change first (currently: no such container: web)", null), (Status.Failed, null, "no such container: web")],
            report.Tasks[1].HostResults.Select(host => (host.Status, host.Check?.Reason, host.Error)));
    }

    [Fact]
    public async Task After_unpredictable_changes_a_refusal_is_no_failure()
    {
        invoker
            .Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":null}}]}""")
            .Throw(new NotFoundException("no such container: web") { JobId = JobIds.Of("00000002-0000-7000-8000-000000000000"), Hosts = [new() { Hostname = "web-01", Outcome = Outcome.Failed, Error = "no such container: web", ErrorType = ErrorType.NotFound }] })
            .Throw(new NotFoundException("file not found: c"));
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        var command = plan.Task("command", CommandOperations.Shell, "web-01", new ShellCommand { Command = "make it so" });
        var inspect = plan.Task("inspect", DockerOperations.Inspect, "web-01", new InspectContainer { Id = "web" }).DependsOn(command);
        // A change on a host does not affect the controller.
        plan.Task("get", FileOperations.Get, new GetFile { Name = "c" }).DependsOn(inspect);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Unchanged, Status.Failed], report.Statuses());
        Assert.Equal("earlier changes cannot be predicted (currently: no such container: web)", Assert.Single(report.Tasks[1].HostResults).Check!.Reason);
    }

    [Fact]
    public async Task A_host_that_would_be_drained_first_would_run_nothing_until_it_takes_jobs_again()
    {
        const string Change = """{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":true}}]}""";
        invoker.Answer("""{"check":{"changed":true}}""").Answer(Change).Answer("""{"check":{"changed":true}}""").Answer(Change);
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        var drain = plan.Task("drain", AgentOperations.Drain, new DrainAgent { Name = "web-01" });
        var skipped = plan.Task("skipped", DockerOperations.Start, "web-01", new StartContainer { Id = "a" }).DependsOn(drain);
        plan.Task("undrain", AgentOperations.Undrain, new UndrainAgent { Name = "web-01" }).DependsOn(skipped);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal((Status.Skipped, SkipReasons.HostDrained), (report.Get("skipped")!.Status, report.Get("skipped")!.HostResults[0].SkipReason));
    }

    [Fact]
    public async Task A_finding_of_the_controller_about_a_resource_that_changes_first_is_not_a_prediction()
    {
        invoker
            .Answer("""{"check":{"changed":true}}""")
            .Throw(new ConflictException("file b already exists with different content; use force to overwrite"))
            .Answer("""{"check":{"changed":true}}""")
            .Answer("""{"check":{"changed":false}}""")
            .Throw(new AuthException(403, "insufficient permissions"));
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        var delete = plan.Task("delete", FileOperations.Delete, new DeleteFile { Name = "b" });
        var upload = plan.Task("upload", FileOperations.Upload, new UploadFile { Name = "b", Path = LocalFile.Of(new MemoryStream("x"u8.ToArray())) }).DependsOn(delete);
        var drain = plan.Task("drain", AgentOperations.Drain, new DrainAgent { Name = "web-01" }).DependsOn(upload);
        var undrain = plan.Task("undrain", AgentOperations.Undrain, new UndrainAgent { Name = "web-01" }).DependsOn(drain);
        plan.Task("forbidden", FileOperations.Delete, new DeleteFile { Name = "b" }).DependsOn(undrain);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Changed, Status.Changed, Status.Changed, Status.Failed], report.Statuses());
        Assert.Equal("b would change first (currently: file b already exists with different content; use force to overwrite)", (string?)report.Tasks[1].Data!["check"]!["reason"]);
        Assert.Equal("web-01 would change first", (string?)report.Tasks[3].Data!["check"]!["reason"]);
    }

    [Fact]
    public async Task A_host_that_would_deploy_a_file_cannot_say_that_it_would_not_remove_it()
    {
        invoker
            .Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":true}},{"hostname":"web-02","outcome":"ok","changed":false,"check":{"changed":false}}]}""")
            .Answer("""{"job_id":"00000002-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":false}},{"hostname":"web-02","outcome":"ok","changed":false,"check":{"changed":false}}]}""");
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        var deploy = plan.Task("deploy", FileOperations.Deploy, "_all", new DeployFile { ObjectName = "a", Path = "/a", ContentType = FileContentType.Raw, Mode = "0644" });
        plan.Task("undeploy", FileOperations.Undeploy, "_all", new UndeployFile { Path = "/a" }).DependsOn(deploy);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([(bool?)null, false], report.Tasks[1].HostResults.Select(host => host.Check!.Changed));
    }

    [Fact]
    public async Task A_predicted_change_does_not_tolerate_an_error_about_another_resource()
    {
        invoker
            .Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":true}}]}""")
            .Answer("""{"job_id":"00000002-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"failed","changed":false,"error":"there is no file 'typo' in the object store","error_type":"not_found"}]}""");
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        var deploy = plan.Task("deploy", FileOperations.Deploy, "_all", new DeployFile { ObjectName = "a", Path = "/a", ContentType = FileContentType.Raw });
        plan.Task("mistyped", FileOperations.Deploy, "_all", new DeployFile { ObjectName = "typo", Path = "/b", ContentType = FileContentType.Raw }).DependsOn(deploy);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed, Status.Failed], report.Statuses());
    }

    [Fact]
    public async Task Only_what_a_task_depends_on_comes_before_it()
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        invoker.Answer("""{"check":{"changed":true}}""").Throw(new NotFoundException("file not found: a"));
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker), OnError = ErrorStrategy.Continue, Hooks = new() { AfterTask = (task, _) => { if (task.Name == "upload") first.SetResult(); } } });
        plan.Task("upload", FileOperations.Upload, new UploadFile { Name = "a", Path = LocalFile.Of(new MemoryStream("x"u8.ToArray())) });
        var wait = plan.TaskFunc("wait", async (_, cancellationToken) => { await first.Task.WaitAsync(cancellationToken); return new(); });
        plan.Task("delete", FileOperations.Delete, new DeleteFile { Name = "a" }).DependsOn(wait);

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal(Status.Failed, report.Tasks[2].Status);
    }

    [Fact]
    public async Task Without_a_plan_earlier_calls_count_as_earlier_tasks()
    {
        invoker.Answer("""{"check":{"changed":true}}""").Throw(new ConflictException("file a already exists with different content; use force to overwrite"));
        DryRunInvoker checking = new(invoker);

        await checking.SendAsync(FileOperations.Delete, new DeleteFile { Name = "a" }, null, null, Plans.Token);
        var reply = await checking.SendAsync(FileOperations.Upload, new UploadFile { Name = "a", Path = LocalFile.Of(new MemoryStream("x"u8.ToArray())) }, null, null, Plans.Token);

        Assert.Null(reply.Check!.Changed);
    }

    [Fact]
    public async Task A_refusal_with_nothing_before_it_is_a_failure()
    {
        invoker.Throw(new NotFoundException("file not found: a"));
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        plan.Task("delete", FileOperations.Delete, new DeleteFile { Name = "a" });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Failed], report.Statuses());
        Assert.Equal("file not found: a", report.Tasks[0].Error!.Message);
    }

    private Plan UploadAndDeploy(int size = 1)
    {
        Plan plan = new(null, new() { Invoker = new DryRunInvoker(invoker) });
        var upload = plan.Task("upload", FileOperations.Upload, new UploadFile { Name = "a", Path = LocalFile.Of(new MemoryStream([.. Enumerable.Repeat((byte)'x', size)])) });
        plan.Task("deploy", FileOperations.Deploy, "_all", new DeployFile { ObjectName = "a", Path = "/a", ContentType = FileContentType.Raw }).DependsOn(upload);
        return plan;
    }
}
