using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of plan files of version 1, as a user runs them: the examples, variables, secrets, questions, checks.</summary>
public sealed class PlanLanguageTests : CliTest
{
    private static readonly string Examples = Path.Combine(Programs.Repository, "examples");

    private string Place => Directory.CreateDirectory(Path.Combine(fixture.Directory, "srv")).FullName;

    [Fact]
    public async Task The_examples_do_what_they_say()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");

        var rollout = await RunAsync(ExitCode.Ok, "rollout.yaml", "--set", "port=9090");
        Assert.Equal(["upload changed", "deploy changed", "restart changed"], rollout);
        Assert.Equal(["upload unchanged", "deploy unchanged", "restart skipped"], await RunAsync(ExitCode.Ok, "rollout.yaml", "--set", "port=9090"));
        Assert.Contains("port = 9090", File.ReadAllText(Path.Combine(Place, "app.conf")), StringComparison.Ordinal);
        Assert.Equal(["restarted"], File.ReadAllLines(Path.Combine(Place, "restarts")));

        Assert.Equal(["restart changed", "healthy unchanged"], await RunAsync(ExitCode.Ok, "rolling-check.yaml"));
        Assert.Equal(["3"], File.ReadAllLines(Path.Combine(Place, "attempts-web-01")));

        Assert.Equal(["lock changed", "work failed", "unlock changed"], await RunAsync(ExitCode.Failed, "clean-up.yaml"));
        Assert.Equal(["lock changed", "work changed", "unlock changed"], await RunAsync(ExitCode.Ok, "clean-up.yaml", "--set", "work=true"));
        Assert.False(Directory.Exists(Path.Combine(Place, "lock")));

        var sites = await RunAsync(ExitCode.Ok, "sites.yaml");
        Assert.Equal(30, sites.Count);
        Assert.Contains("wanted[bash] changed", sites);
        Assert.Contains("site[wiki]/announce changed", sites);
        Assert.Equal(["port 8001", "port 8002", "port 8003", "port 8004", "port 8005"], File.ReadAllLines(Path.Combine(Place, "announced")).Order());
        Assert.Contains("wanted[bash] unchanged", await RunAsync(ExitCode.Ok, "sites.yaml"));

        Assert.Equal(["release unchanged", "write changed", "read changed", "report unchanged"], await RunAsync(ExitCode.Ok, "release.yaml"));
        Assert.Equal($"{File.ReadAllText("/proc/sys/kernel/osrelease").Trim()} by web-01", File.ReadAllText(Path.Combine(Place, "release")).Trim());

        var distribution = File.ReadAllLines("/etc/os-release").First(line => line.StartsWith("ID=", StringComparison.Ordinal))[3..].Trim('"');
        Assert.Equal([$"note-version {(distribution == "debian" ? "changed" : "skipped")}"], await RunAsync(ExitCode.Ok, "debian-only.yaml"));
    }

    [Fact]
    public async Task A_check_of_the_examples_changes_nothing_and_says_what_it_cannot_know()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");

        foreach (var example in (string[])["rollout.yaml", "rolling-check.yaml", "clean-up.yaml", "sites.yaml", "release.yaml", "debian-only.yaml"])
            (await fixture.RunAsync("run", Path.Combine(Examples, example), "--set", $"directory={Place}", "--check")).With(ExitCode.Ok);
        var release = await fixture.RunAsync("run", Path.Combine(Examples, "release.yaml"), "--set", $"directory={Place}", "--check");

        Assert.Empty(Directory.GetFileSystemEntries(Place));
        Assert.Contains("not known in a check: stdout of 'release' on web-01", release.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_come_from_where_they_are_kept_and_are_shown_nowhere()
    {
        fixture.Environment["PLAN_TOKEN"] = "hunter2";
        fixture.File("token", "from-file\n");
        var plan = fixture.File("plan.yaml", $$$"""
            version: 1
            name: secrets
            secrets:
              a: {env: PLAN_TOKEN}
              b: {file: token}
              c: {command: [printf, from-command]}
              unused: {env: NO_SUCH_VARIABLE}
            tasks:
            - name: use
              op: command.shell.execute
              target: _any
              with:
                command: echo "$A $B $C" > {{{Place}}}/secrets
                env: {A: "${{ secrets.a }}", B: "${{ secrets.b }}", C: "${{ secrets.c }}"}

            """);

        var ended = (await fixture.RunAsync("run", plan)).With(ExitCode.Ok);

        Assert.Equal("hunter2 from-file from-command", File.ReadAllText(Path.Combine(Place, "secrets")).Trim());
        Assert.DoesNotContain("hunter2", ended.Output + ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_that_cannot_be_read_are_told_at_once_before_anything_runs()
    {
        var plan = fixture.File("plan.yaml", """
            version: 1
            name: secrets
            secrets: {a: {env: NO_SUCH_VARIABLE}, b: {file: none}, c: {command: ["false"]}, d: {prompt: Password}, e: {command: [/no/such/program]}}
            tasks:
            - {name: use, op: command.shell.execute, target: _any, with: {command: "true", env: {A: "${{ secrets.a + secrets.b + secrets.c + secrets.d + secrets.e }}"}}}

            """);

        var ended = (await fixture.RunWithInputAsync("", "run", plan)).With(ExitCode.BadInput);

        Assert.Equal(4, ended.ErrorLines.Count(line => line.StartsWith("error: ", StringComparison.Ordinal)));
        Assert.StartsWith("    3 | secrets: {a: {env: NO_SUCH_VARIABLE}", ended.ErrorLines[1], StringComparison.Ordinal);
        Assert.Equal($"error: {plan}:3:11: the secret 'a' cannot be read: there is no environment variable NO_SUCH_VARIABLE", ended.ErrorLines[0]);
        Assert.Contains("the secret 'c' cannot be read: false ended with exit code 1", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_needs_a_terminal_or_yes()
    {
        var plan = fixture.File("plan.yaml", "version: 1\nname: p\nconfirm: \"Really ${{ vars.what }}?\"\nvars: {what: restart}\ntasks: [{name: a, op: node.load.get, target: _any}]\n");

        var refused = (await fixture.RunWithInputAsync("y\n", "run", plan)).With(ExitCode.BadInput);
        (await fixture.RunWithInputAsync("", "run", plan, "--yes")).With(ExitCode.Ok);
        (await fixture.RunWithInputAsync("", "run", plan, "--check")).With(ExitCode.Ok);

        Assert.Equal(["error: the plan asks \"Really restart?\", and standard input is no terminal; --yes answers yes"], refused.ErrorLines);
    }

    [Fact]
    public async Task Mistakes_have_the_name_of_their_file()
    {
        var plan = fixture.File("plan.yaml", "version: 1\nname: p\nvars: {port: 1}\ntasks:\n- include: inner.yaml\n- {name: a, op: node.load.get, target: \"${{ vars.prt }}\"}\n- include: none.yaml\n");
        var inner = fixture.File("inner.yaml", "version: 1\ntasks:\n- {name: a, op: node.lod.get, target: _any}\n");
        var vars = fixture.File("vars.yaml", "prt: 2\n");

        var ended = (await fixture.RunAsync("run", plan, "--vars-file", vars, "--set", "port")).With(ExitCode.BadInput);

        Assert.Equal(
            [
                "error: --set 'port' must be NAME=VALUE",
                $"error: {plan}:6:50: there is no 'prt' in vars; did you mean 'port'? (known: port)",
                $"error: {plan}:7:12: include: {Path.Combine(fixture.Directory, "none.yaml")} cannot be read: Could not find file '{Path.Combine(fixture.Directory, "none.yaml")}'; did you mean 'inner.yaml'?",
                $"error: {vars}:1:1: there is no variable 'prt'; did you mean 'port'? (known: port)",
                $"error: {inner}:3:17: there is no operation 'node.lod.get'; did you mean 'node.load.get'? (osapi operations lists them)",
            ],
            ended.ErrorLines.Where(line => line.StartsWith("error: ", StringComparison.Ordinal)));
    }

    private async Task<IReadOnlyList<string>> RunAsync(int exitCode, string example, params string[] arguments)
    {
        var ended = (await fixture.RunAsync(["run", Path.Combine(Examples, example), "--set", $"directory={Place}", "--json", .. arguments])).With(exitCode);
        return [.. ended.Report.GetProperty("tasks").EnumerateArray().Select(task => $"{task.GetProperty("name").GetString()} {task.GetProperty("status").GetString()}")];
    }
}
