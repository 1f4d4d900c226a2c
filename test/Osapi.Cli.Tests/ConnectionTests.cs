using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the choice of controller, and of the messages when it cannot be reached.</summary>
public sealed class ConnectionTests : CliTest
{
    [Fact]
    public async Task A_controller_that_is_not_ready_is_a_failure_of_the_command_and_of_the_plan()
    {
        await using UnresponsiveController controller = new(healthy: true);

        var ended = (await fixture.RunAsync("health", "ready", "--url", controller.Url, "--token", "t")).With(ExitCode.Failed);
        var plan = (await fixture.RunAsync("run", fixture.File("plan.yaml", "name: p\ntasks: [{name: ready, op: health.ready.get}]\n"), "--url", controller.Url, "--token", "t")).With(ExitCode.Failed);

        Assert.Contains("not_ready", ended.Output, StringComparison.Ordinal);
        Assert.Contains("the store does not answer", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_option_comes_before_the_environment_then_the_configuration_then_this_machines_own_system()
    {
        var elsewhere = Path.Combine(fixture.Directory, "elsewhere");
        await fixture.StartSystemAsync("--hostname", "here");
        var other = await fixture.StartSystemAsync("--hostname", "there", "--state-dir", elsewhere);
        var token = (await fixture.RunAsync("token", "generate", "--roles", "read", "--subject", "me", "--state-dir", elsewhere)).With(0).Output.Trim();
        const string Nowhere = "http://127.0.0.1:1";

        await AnswersAsync("here");

        fixture.Environment["OSAPI_CONFIG"] = fixture.File("client.yaml", $"api:\n  client:\n    url: {other.Url}\n    security: {{bearer_token: {token}}}\n");
        await AnswersAsync("there");

        fixture.Environment["OSAPI_URL"] = Nowhere;
        fixture.Environment["OSAPI_TOKEN"] = "none";
        (await fixture.RunAsync("node", "hostname")).With(ExitCode.Unreachable);

        await AnswersAsync("there", "--url", other.Url, "--token", token);

        fixture.Environment["OSAPI_URL"] = other.Url;
        fixture.Environment["OSAPI_TOKEN"] = token;
        await AnswersAsync("there", "--config", fixture.File("empty.yaml", ""));
        (await fixture.RunAsync("node", "hostname", "--url", Nowhere)).With(ExitCode.Unreachable);
    }

    [Fact]
    public async Task With_a_token_this_machines_own_system_is_used_with_the_permissions_of_the_token()
    {
        await fixture.StartSystemAsync();
        var token = (await fixture.RunAsync("token", "generate", "--roles", "read", "--subject", "me")).With(0).Output.Trim();

        (await fixture.RunAsync("node", "hostname", "--token", token)).With(ExitCode.Ok);
        (await fixture.RunAsync("command", "exec", "--command", "true", "--token", token)).With(ExitCode.NotPermitted);
        (await fixture.RunAsync("token", "revoke", "--subject", "me")).With(ExitCode.Ok);
        (await fixture.RunAsync("node", "hostname", "--token", token)).With(ExitCode.NotPermitted);
        (await fixture.RunAsync("node", "hostname")).With(ExitCode.Ok);
    }

    [Fact]
    public async Task A_plan_runs_on_the_system_that_runs_on_this_machine()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");

        var ended = (await fixture.RunAsync("run", PlanTexts.QuickStart)).With(ExitCode.Ok);

        Assert.Contains("  web-01  ok", ended.Lines);
        Assert.False(Directory.Exists(Path.Combine(fixture.StateDirectory, "run")));
    }

    [Theory]
    [InlineData("node", "hostname")]
    [InlineData("health", "liveness")]
    [InlineData("run")]
    public async Task A_controller_that_is_not_there_is_named(params string[] command)
    {
        var arguments = command is ["run"] ? ["run", PlanTexts.QuickStart] : command;

        var ended = (await fixture.RunAsync([.. arguments, "--url", "http://me:secret@127.0.0.1:1/base"])).With(ExitCode.Unreachable);

        Assert.Equal(["error: http://127.0.0.1:1/base cannot be reached: Connection refused"], ended.ErrorLines);
        Assert.Empty(ended.Output);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task An_invalid_token_is_reported_with_a_hint_how_to_get_one(string token)
    {
        var system = await fixture.StartSystemAsync();

        var call = (await fixture.RunAsync("node", "hostname", "--url", system.Url, "--token", token)).With(ExitCode.NotPermitted);
        var run = (await fixture.RunAsync("run", PlanTexts.QuickStart, "--url", system.Url, "--token", token)).With(ExitCode.NotPermitted);

        Assert.Contains("osapi token generate", call.Error, StringComparison.Ordinal);
        Assert.Contains("osapi token generate", run.Error, StringComparison.Ordinal);
        // Nothing has run.
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_token_that_does_not_permit_the_call_says_which_permission_is_missing()
    {
        var system = await fixture.StartSystemAsync();
        fixture.Environment["OSAPI_URL"] = system.Url;
        fixture.Environment["OSAPI_TOKEN"] = await fixture.TokenAsync("read");

        var ended = (await fixture.RunAsync("job", "cancel", Guid.NewGuid().ToString())).With(ExitCode.NotPermitted);

        Assert.Contains("job:write", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_address_and_token_are_reported_with_all_other_problems_and_are_not_repeated()
    {
        var ended = (await fixture.RunAsync("node", "hostname", "--url", "ftp://me:secret@host", "--token", "two\nlines", "--target", "_some", "--start-within", "x")).With(ExitCode.BadInput);

        Assert.Equal(
            [
                "error: the controller's address (--url, OSAPI_URL or the configuration file) is not valid: expected http://HOST:PORT or https://HOST:PORT",
                "error: the token (--token, OSAPI_TOKEN or the configuration file) contains characters that are not valid in a token; is it complete, and without anything else?",
                "error: target '_some' is unknown: names with a leading underscore are reserved, and only _any and _all exist",
                "error: start_within must be between 1 and 3600 (seconds)",
            ],
            ended.ErrorLines);
    }

    [Fact]
    public async Task An_invalid_configuration_file_is_reported_with_the_position()
    {
        fixture.Environment["OSAPI_CONFIG"] = fixture.File("bad.yaml", "api: [\n");

        var ended = (await fixture.RunAsync("node", "hostname")).With(ExitCode.BadInput);

        Assert.StartsWith($"error: {fixture.Environment["OSAPI_CONFIG"]}:1:6: the [ ", ended.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(["    1 | api: [", "      |      ^"], ended.ErrorLines.Skip(1).Take(2));
    }

    private async Task AnswersAsync(string hostname, params string[] options)
    {
        var ended = (await fixture.RunAsync(["node", "hostname", .. options])).With(ExitCode.Ok);
        Assert.Equal($"{hostname}  ok", ended.Lines[0]);
    }
}
