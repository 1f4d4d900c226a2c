using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of runs of a part of a plan, and of the question before several hosts change.</summary>
public sealed class SelectionCommandTests : CliTest
{
    private const string Plan = """
        version: 1
        name: release
        secrets: {password: {env: NOT_SET}}
        tasks:
          - {name: prepare, op: command.shell.execute, target: _all, tags: [app], with: {command: "echo prepare"}}
          - {name: deploy, op: command.shell.execute, target: _all, tags: [app, slow], depends_on: [prepare], with: {command: "echo deploy"}}
          - {name: restart, op: command.shell.execute, target: _all, depends_on: [deploy], only_if_changed: true, with: {command: "echo restart"}}
          - {name: login, op: command.shell.execute, target: _any, depends_on: [deploy], with: {command: "true", env: {P: "${{ secrets.password }}"}}}
        """;

    [Fact]
    public async Task A_run_is_about_what_is_selected_and_names_what_is_owed()
    {
        await using var fleet = await Fleet.StartAsync(fixture, "web-01", "web-02", "web-03");
        var plan = fixture.File("p.yaml", Plan);
        var file = Path.Combine(fixture.Directory, "report.json");

        // The secret of a task that does not run is not needed.
        var ended = (await fixture.RunAsync("run", plan, "--tags", "app", "--limit", "web-01,web-03", "--json", "--report", $"json={file}")).With(ExitCode.Ok);
        Assert.Equal(
            ["web-01 changed", "web-02 skipped: not selected", "web-03 changed"],
            ended.Report.GetProperty("tasks")[1].GetProperty("hosts").EnumerateArray().Select(host => $"{host.GetProperty("hostname")} {host.GetProperty("status")}{(host.TryGetProperty("skip_reason", out var reason) ? $": {reason}" : "")}"));
        Assert.Equal(["restart web-01", "restart web-03"], ended.Report.GetProperty("owed").EnumerateArray().Select(owed => $"{owed.GetProperty("task")} {owed.GetProperty("host")}"));

        var rest = (await fixture.RunAsync("run", plan, "--start-at", "restart", "--skip", "login")).With(ExitCode.Ok);
        // What the first run owed is done.
        Assert.Equal("4 tasks, 1 changed, 3 skipped", rest.Lines[^1]);
        Assert.Contains(rest.Lines, line => line.StartsWith("owed: restart on web-03, from run ", StringComparison.Ordinal));
        Assert.DoesNotContain("not selected", rest.Output, StringComparison.Ordinal);

        var hosts = (await fixture.RunAsync("plan", "hosts", plan, "--only", "deploy", "--limit", "group:web")).With(ExitCode.Ok);
        Assert.Equal(["TASK    TARGET  HOSTS", "deploy  _all    web-01, web-02, web-03"], hosts.Lines);
        foreach (var command in (string[][])[["run"], ["plan", "hosts"]])
            Assert.Contains("limit", Assert.Single((await fixture.RunAsync([.. command, plan, "--skip", "login", "--limit", "web-09"])).With(ExitCode.BadInput).ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_a_plan_does_not_have_are_told()
    {
        var plan = fixture.File("p.yaml", Plan);
        foreach (var command in (string[][])[["run"], ["plan", "validate"], ["plan", "explain"]])
            Assert.Equal(
                [
                    "error: --only: there is no task 'deplyo'; did you mean 'deploy'?",
                    "error: --skip: there is no task 'x'",
                    "error: --start-at: there is no task 'restat'; did you mean 'restart'?",
                    "error: --tags: no task has the tag 'ap'; did you mean 'app'?",
                ],
                (await fixture.RunAsync([.. command, plan, "--only", "prepare,deplyo", "--skip", "x", "--start-at", "restat", "--tags", "ap"])).With(ExitCode.BadInput).ErrorLines);
        Assert.Equal("error: --limit: 'group:web' is not a host name; a label stands alone", Assert.Single((await fixture.RunAsync("run", plan, "--limit", "group:web,web-01")).With(ExitCode.BadInput).ErrorLines));

        Assert.EndsWith("is valid: 4 tasks, 2 selected", (await fixture.RunAsync("plan", "validate", plan, "--tags", "app")).With(ExitCode.Ok).Lines[0], StringComparison.Ordinal);
        Assert.Contains("  prepare [command.shell.execute _all] - not selected", (await fixture.RunAsync("plan", "explain", plan, "--only", "deploy")).With(ExitCode.Ok).Lines);
    }

    [Fact]
    public async Task A_terminal_is_asked_before_several_hosts_change()
    {
        await using var fleet = await Fleet.StartAsync(fixture, "web-01", "web-02", "web-03");
        var plan = fixture.File("p.yaml", Plan);
        const string Question = "command.shell.execute on _all reaches 3 hosts: web-01, web-02, web-03. Continue? [y/N] ";
        const string Call = "command shell --command 'echo x' --target _all";

        Assert.Contains(Question, (await OnTerminalAsync(Call, "n")).With(ExitCode.Cancelled).Output, StringComparison.Ordinal);
        Assert.Contains("web-03", (await OnTerminalAsync(Call, "y")).With(ExitCode.Ok).Output, StringComparison.Ordinal);
        foreach (var call in new[] { $"{Call} --yes", "node uptime --target _all", "command shell --command 'echo x' --target web-01", $"{Call} --check" })
            Assert.DoesNotContain("Continue?", (await OnTerminalAsync(call, "n")).With(ExitCode.Ok).Output, StringComparison.Ordinal);

        var refused = (await OnTerminalAsync($"run {plan} --skip login", "n")).With(ExitCode.Cancelled);
        Assert.Contains("'release' changes 3 hosts, web-01, web-02, web-03, in 3 tasks. Continue? [y/N] ", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("prepare", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Continue?", (await OnTerminalAsync($"run {plan} --skip login --limit web-01", "n")).With(ExitCode.Ok).Output, StringComparison.Ordinal);

        // A script has no terminal.
        Assert.DoesNotContain("Continue?", (await fixture.RunAsync("run", plan, "--skip", "login")).With(ExitCode.Ok).Error, StringComparison.Ordinal);
    }

    private Task<ProcessResult> OnTerminalAsync(string arguments, string answer) =>
        fixture.RunProgramAsync("sh", "-c", $"printf '{answer}\\n' | script -qec \"'{Programs.Osapi}' {arguments}\" /dev/null");
}
