using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.SavedPlans;

/// <summary>Tests of <c>osapi run --check --save</c> and <c>osapi apply</c>.</summary>
public sealed class ApplyTests : CliTest
{
    private const string Plan = """
        version: 1
        name: release
        secrets: {password: {env: PASSWORD}}
        tasks:
          - {name: upload, op: file.upload, with: {name: app, path: app.conf.src, content_type: raw}}
          - {name: deploy, op: file.deploy.execute, target: _all, depends_on: [upload], with: {object_name: app, path: TARGET, content_type: raw}}
          - {name: count, op: command.shell.execute, target: _all, depends_on: [deploy], with: {command: "echo counted >> COUNTER", env: {P: "${{ secrets.password }}"}}}
        """;

    private RunningSystem system = null!;

    public override async ValueTask InitializeAsync() => system = await fixture.StartSystemAsync();

    private string Target => Path.Combine(fixture.Directory, "app.conf");

    private string Saved => Path.Combine(fixture.Directory, "plan.osapi");

    private string Counter => Path.Combine(fixture.Directory, "counter");

    [Fact]
    public async Task What_was_shown_runs_once_and_not_again()
    {
        var plan = await PrepareAsync();
        var shown = (await fixture.RunAsync("run", plan, "--check", "--save", Saved)).With(ExitCode.Ok);
        Assert.Contains("osapi apply", shown.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Counter));
        Assert.DoesNotContain("hunter2", File.ReadAllText(Saved), StringComparison.Ordinal);

        // The plan file may change or go: what was saved counts.
        File.WriteAllText(plan, "name: other\ntasks: []\n");
        var report = Path.Combine(fixture.Directory, "r.json");
        var applied = (await fixture.RunAsync("apply", Saved, "--report", $"json={report}")).With(ExitCode.Ok);
        Assert.Contains("3 tasks, 2 changed, 1 unchanged", applied.Lines[^1], StringComparison.Ordinal);
        Assert.Equal("counted\n", File.ReadAllText(Counter));
        Assert.Equal("port=80\n", File.ReadAllText(Target));
        Assert.True(File.Exists(report));

        var again = (await fixture.RunAsync("apply", Saved)).With(ExitCode.BadInput);
        Assert.Contains($"error: {Saved}: deploy on ", again.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("shown was would change, found is would not change", again.Error, StringComparison.Ordinal);
        Assert.Equal("nothing was run", again.ErrorLines[^1]);
        Assert.Equal("counted\n", File.ReadAllText(Counter));
    }

    [Fact]
    public async Task Another_state_another_file_and_another_secret_are_refused()
    {
        var plan = await PrepareAsync();
        (await fixture.RunAsync("run", plan, "--check", "--save", Saved)).With(ExitCode.Ok);

        File.WriteAllText(Target, "port=81\n");
        await RefusedAsync("deploy on ", "the state or the request differs from what was shown (would change)");
        File.Delete(Target);

        fixture.Environment["PASSWORD"] = "hunter3";
        await RefusedAsync("a secret has another value than when it was signed");
        fixture.Environment["PASSWORD"] = "hunter2";

        var upload = Path.Combine(fixture.Directory, "app.conf.src");
        File.WriteAllText(upload, "port=90\n");
        await RefusedAsync("(controller): the state or the request differs from what was shown");
        File.WriteAllText(upload, "port=80\n");

        (await fixture.RunAsync("apply", Saved)).With(ExitCode.Ok);
    }

    [Fact]
    public async Task A_signature_of_other_controllers_and_a_plan_that_would_fail_are_refused()
    {
        var plan = await PrepareAsync();
        (await fixture.RunAsync("run", plan, "--check", "--save", Saved)).With(ExitCode.Ok);
        await using CliFixture other = new();
        other.Environment["PASSWORD"] = "hunter2";
        await other.StartSystemAsync();
        Assert.Contains("it was signed with the controllers' key SHA256:", (await other.RunAsync("apply", Saved)).With(ExitCode.BadInput).Error, StringComparison.Ordinal);

        var wrong = fixture.File("wrong.yaml", "name: w\ntasks:\n  - {name: a, op: file.deploy.execute, target: _any, with: {object_name: none, path: /tmp/x, content_type: raw}}\n");
        var unsaved = Path.Combine(fixture.Directory, "unsaved");
        (await fixture.RunAsync("run", wrong, "--check", "--save", unsaved)).With(ExitCode.Failed);
        Assert.False(File.Exists(unsaved));

        Assert.Equal("error: --save saves what a check shows: it needs --check", Assert.Single((await fixture.RunAsync("run", wrong, "--save", unsaved)).With(ExitCode.BadInput).ErrorLines));
        Assert.Contains("it is not a saved plan, or was cut off; nothing was run", (await fixture.RunAsync("apply", wrong)).With(ExitCode.BadInput).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_the_permission_signatures_nothing()
    {
        var plan = await PrepareAsync();
        var token = (await fixture.RunAsync("token", "generate", "--roles", "admin", "--permissions", "agent:read,command:execute,file:write,file:read,health:read", "--subject", "tester")).With(ExitCode.Ok).Output.Trim();
        var refused = (await fixture.RunAsync("run", plan, "--check", "--save", Saved, "--url", system.Url, "--token", token)).With(ExitCode.NotPermitted);

        Assert.Contains("review:write", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Saved));
    }

    private async Task RefusedAsync(params string[] texts)
    {
        var refused = (await fixture.RunAsync("apply", Saved)).With(ExitCode.BadInput);
        Assert.All(texts, text => Assert.Contains(text, refused.Error, StringComparison.Ordinal));
        Assert.False(File.Exists(Counter));
    }

    private async Task<string> PrepareAsync()
    {
        fixture.Environment["PASSWORD"] = "hunter2";
        // A deployment of what is not uploaded yet cannot be predicted.
        (await fixture.RunAsync("file", "upload", fixture.File("app.conf.src", "port=80\n"), "app", "--content-type", "raw")).With(ExitCode.Ok);
        return fixture.File("p.yaml", Plan.Replace("TARGET", Target, StringComparison.Ordinal).Replace("COUNTER", Counter, StringComparison.Ordinal));
    }
}
