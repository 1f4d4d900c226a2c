using System.Diagnostics;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests that failing runs end soon, with a clear message.</summary>
public sealed class BrokenRunTests : CliTest
{
    [Fact]
    public async Task A_controller_that_dies_in_the_middle_fails_the_task_that_waited_for_it()
    {
        var system = await fixture.StartSystemAsync();
        fixture.Environment["OSAPI_TOKEN"] = await fixture.TokenAsync("read");
        var run = fixture.Start("run", fixture.File("plan.yaml", PlanTexts.Chain(1000)), "--url", system.Url);
        await run.LineAsync("unchanged  t3 ");

        var started = Stopwatch.GetTimestamp();
        system.Program.Signal(RunningProgram.Kill);
        var ended = (await run.EndAsync()).With(ExitCode.Failed);

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15));
        Assert.Matches("^1000 tasks, [0-9]+ unchanged, [0-9]+ skipped, 1 failed|^1000 tasks, [0-9]+ unchanged, 1 failed, [0-9]+ cancelled", ended.Lines[^1]);
        var failed = Assert.Single(ended.Lines, line => line.StartsWith("  failed ", StringComparison.Ordinal));
        Assert.Contains(system.Url, failed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunningProgram.Interrupt)]
    [InlineData(RunningProgram.Terminate)]
    public async Task An_interrupt_cancels_the_jobs_and_still_gives_the_report(int signal)
    {
        await using UnresponsiveController controller = new(healthy: true);
        var plan = fixture.File("plan.yaml", "name: p\ntasks:\n- {name: a, op: node.load.get, target: _any}\n- {name: b, op: node.load.get, target: _any, depends_on: [a]}\n");
        var run = fixture.Start("run", plan, "--url", controller.Url, "--json");
        Assert.Equal("GET /health", await controller.RequestAsync());
        // An older controller, which cannot resolve targets.
        Assert.Equal("GET /target?target=_any&operation=node.load.get", await controller.RequestAsync());
        // And which keeps no runs.
        Assert.Equal("POST /run", await controller.RequestAsync());
        Assert.Matches("^PUT /job/[0-9a-f-]{36}$", await controller.RequestAsync());

        run.Signal(signal);
        var ended = (await run.EndAsync()).With(ExitCode.Cancelled);

        Assert.Matches("^POST /job/[0-9a-f-]{36}/cancel$", await controller.RequestAsync());
        Assert.Equal("cancelled", ended.Report.GetProperty("outcome").GetString());
        Assert.Equal("2 tasks, 2 cancelled", ended.Report.GetProperty("summary").GetString());
        Assert.Equal(ExitCode.Cancelled, ended.Report.GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public async Task An_interrupt_of_a_single_call_cancels_its_job()
    {
        await using UnresponsiveController controller = new(healthy: true);
        var call = fixture.Start("node", "load", "--url", controller.Url);
        Assert.Matches("^PUT /job/[0-9a-f-]{36}$", await controller.RequestAsync());

        call.Signal(RunningProgram.Interrupt);
        var ended = (await call.EndAsync()).With(ExitCode.Cancelled);

        Assert.Matches("^POST /job/[0-9a-f-]{36}/cancel$", await controller.RequestAsync());
        Assert.Equal(["error: cancelled"], ended.ErrorLines);
    }

    [Fact]
    public async Task An_interrupt_of_a_call_whose_command_ends_with_start_cancels_its_job_too()
    {
        await using UnresponsiveController controller = new(healthy: true);
        var call = fixture.Start("docker", "start", "web", "--url", controller.Url);
        Assert.Matches("^PUT /job/[0-9a-f-]{36}$", await controller.RequestAsync());

        call.Signal(RunningProgram.Interrupt);
        (await call.EndAsync()).With(ExitCode.Cancelled);

        Assert.Matches("^POST /job/[0-9a-f-]{36}/cancel$", await controller.RequestAsync());
    }

    [Fact]
    public async Task A_controller_that_never_answers_causes_a_timeout()
    {
        await using UnresponsiveController controller = new(healthy: false);

        var ended = (await fixture.RunAsync("run", PlanTexts.QuickStart, "--url", controller.Url)).With(ExitCode.Unreachable);

        Assert.Equal([$"error: {controller.Url} did not respond within 10 s"], ended.ErrorLines);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_a_mistake_of_the_plan()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");
        var plan = fixture.File("plan.yaml", PlanTexts.One("node.load.get", "web-02"));

        var ended = (await fixture.RunAsync("run", plan)).With(ExitCode.BadInput);

        Assert.Equal($"error: {plan}:3:5: task \"only\": target web-02 is not a registered host; did you mean 'web-01'?", ended.ErrorLines[0]);
        Assert.StartsWith("    3 | ", ended.ErrorLines[1], StringComparison.Ordinal);
        Assert.Equal(3, ended.ErrorLines.Length);
    }

    [Fact]
    public async Task A_template_that_cannot_be_parsed_is_a_mistake_of_the_plan()
    {
        fixture.File("bad.conf.tmpl", "port = {{ vars.port }}\n{% if vars.tls %}tls\n");
        var plan = fixture.File("plan.yaml", "name: p\ntasks:\n- {name: a, op: file.upload, with: {name: bad, path: bad.conf.tmpl, content_type: template}}\n");

        var ended = (await fixture.RunAsync("run", plan, "--url", "http://127.0.0.1:1")).With(ExitCode.BadInput);

        Assert.StartsWith($"error: {plan}:3:3: the template {Path.Combine(Path.GetDirectoryName(plan)!, "bad.conf.tmpl")} cannot be parsed: ", ended.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(3, ended.ErrorLines.Length);
    }

    [Fact]
    public async Task The_mistakes_of_a_plan_are_reported_like_a_compilers()
    {
        var plan = fixture.File("plan.yaml", "name: p\ntasks:\n- {name: a, op: node.hostnme.get, target: _any, depends_on: b, wth: {}}\n- {name: b, op: node.load.get, target: _any, depends_on: [a]}\n");

        var ended = (await fixture.RunAsync("run", plan, "--url", "http://127.0.0.1:1")).With(ExitCode.BadInput);

        Assert.Equal(
            [
                $"error: {plan}:3:10: cycle: a -> b -> a",
                "    3 | - {name: a, op: node.hostnme.get, target: _any, depends_on: b, wth: {}}",
                "      |          ^",
                $"error: {plan}:3:17: there is no operation 'node.hostnme.get'; did you mean 'node.hostname.get'? (osapi operations lists them)",
                "    3 | - {name: a, op: node.hostnme.get, target: _any, depends_on: b, wth: {}}",
                "      |                 ^^^^^^^^^^^^^^^^",
                $"error: {plan}:3:64: 'wth' is unknown; did you mean 'with'? (known: name, op, target, with, depends_on, when, only_if_changed, only_if_failed, on_error, timeout, allow_host_failures, max_host_failures, allow_empty)",
                "    3 | - {name: a, op: node.hostnme.get, target: _any, depends_on: b, wth: {}}",
                "      |                                                                ^^^",
            ],
            ended.ErrorLines);
    }

    [Theory]
    [InlineData("", "the name of a file must not be empty")]
    [InlineData("/", "/ cannot be read: it is a directory")]
    [InlineData("/nowhere/plan.yaml", "/nowhere/plan.yaml cannot be read: Could not find a part of the path '/nowhere/plan.yaml'")]
    public async Task A_plan_that_cannot_be_read_is_named(string path, string words) =>
        Assert.Equal([$"error: {words}"], (await fixture.RunAsync("run", path)).With(ExitCode.BadInput).ErrorLines);
}
