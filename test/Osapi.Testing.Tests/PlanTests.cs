using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Operations.Files;
using Osapi.Operations.Node;
using Osapi.Orchestrator;

namespace Osapi.Testing.Tests;

/// <summary>Plans are tested without a server, the bodies of their functions included.</summary>
public sealed class PlanTests
{
    private readonly ScriptedInvoker hosts = new() { Hosts = ["web-01", "web-02"] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operations_and_function_bodies_are_answered_from_the_script()
    {
        hosts.Answer(NodeOperations.Hostname, _ => new HostnameResult { OsHostname = "db.example.com" });
        Plan plan = new(hosts.Client);
        var hostname = plan.Task("hostname", NodeOperations.Hostname, "_any");
        plan.TaskFunc("own", async (client, cancellationToken) =>
            Result.FromCollection(await client.Command.ShellAsync("_all", new() { Command = "uptime" }, cancellationToken: cancellationToken)));

        var report = await plan.RunAsync(Token);

        Assert.True(report.Succeeded);
        Assert.Equal("db.example.com", report.Get(hostname)!.Hosts[0].Result!.OsHostname);
        Assert.Equal(["web-01", "web-02"], report.Get("own")!.HostResults.Select(host => host.Hostname));
        Assert.Equal(["command.shell.execute _all", "node.hostname.get _any"], hosts.Calls.Select(call => call.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("uptime", Assert.Single(hosts.RequestsOf(CommandOperations.Shell)).Command);
    }

    [Fact]
    public async Task A_failed_host_fails_its_task_and_is_called_again()
    {
        var attempts = 0;
        hosts.Answer(FileOperations.Deploy, (request, hostname) => hostname == "web-02" && ++attempts == 1
            ? throw new OperationException(ErrorType.Failed, "disk full")
            : new() { Path = "/etc/app.conf", Changed = true, Sha256 = new('a', 64) });
        Plan plan = new(hosts.Client);
        plan.Task("deploy", FileOperations.Deploy, "_all", new() { ObjectName = "app.conf", Path = "/etc/app.conf", ContentType = FileContentType.Raw }).OnError(ErrorStrategy.Retry(1));

        var report = await plan.RunAsync(Token);

        Assert.True(report.Succeeded);
        Assert.Equal(2, report.Get("deploy")!.Attempts);
        Assert.Equal(["file.deploy.execute web-01,web-02", "file.deploy.execute web-02"], hosts.Calls.Select(call => call.ToString()));
    }

    [Fact]
    public async Task A_call_that_breaks_off_has_no_job()
    {
        hosts.Fail(NodeOperations.Hostname, new ConnectionException(null, new IOException("gone")));
        Plan plan = new(hosts.Client);
        plan.Task("hostname", NodeOperations.Hostname, "_any");

        var report = await plan.RunAsync(Token);

        Assert.Equal((Status.Failed, null), (report.Get("hostname")!.Status, report.Get("hostname")!.JobId?.ToString()));
        Assert.Empty(report.Get("hostname")!.HostResults);
    }

    [Fact]
    public async Task A_time_limit_is_tested_with_a_call_that_hangs()
    {
        hosts.Hang(NodeOperations.Load);
        Plan plan = new(hosts.Client);
        plan.Task("load", NodeOperations.Load, "_any").Timeout(TimeSpan.FromMilliseconds(1));

        Assert.IsType<TimeoutException>((await plan.RunAsync(Token)).Get("load")!.Error);
    }

    [Fact]
    public async Task A_check_changes_nothing_and_says_what_would_change()
    {
        Plan plan = new(hosts.Client, new() { Invoker = new DryRunInvoker(hosts) });
        plan.Task("look", NodeOperations.Os, "web-01");
        plan.Task("deploy", FileOperations.Deploy, "web-01", new() { ObjectName = "app.conf", Path = "/etc/app.conf", ContentType = FileContentType.Raw });
        plan.Task("run", CommandOperations.Exec, "web-01", new() { Command = "true" });
        plan.Task("delete", FileOperations.Delete, new() { Name = "app.conf" });

        var report = await plan.RunAsync(Token);

        Assert.Equal([false, true, null], report.Tasks.Take(3).Select(task => task.HostResults[0].Check!.Changed));
        Assert.Equal([false, true, true, true], report.Tasks.Select(task => task.Changed));
        Assert.All(hosts.Calls, call => Assert.Equal(call.Operation.CanBeChecked, call.Options.Check));
    }
}
