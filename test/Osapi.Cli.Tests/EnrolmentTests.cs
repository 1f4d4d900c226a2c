using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of enrolment with real processes: a broker, two controllers with one key, and agents, none of which believes anything unsigned; everything is killed with kill -9.</summary>
public sealed class EnrolmentTests : CliTest
{
    private const string Listens = "Listening for client connections on ";

    private string url = "";

    public override async ValueTask InitializeAsync()
    {
        var broker = fixture.StartProgram("nats-server", "-a", "127.0.0.1", "-p", "-1", "-js", "-sd", Path.Combine(fixture.Directory, "broker"));
        var line = await ErrorLineAsync(broker, Listens);
        url = $"nats://{line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]}";
        fixture.Environment["OSAPI_TRUST_UNSIGNED"] = "refuse";
        fixture.Environment["OSAPI_TRUST_CONTROLLER_KEY_FILE"] = Path.Combine(fixture.Directory, "controller.key");
        fixture.Environment["OSAPI_CONTROLLER_SIGNING_KEY"] = Path.Combine(fixture.Directory, "signing.key");
    }

    [Fact]
    public async Task A_fleet_is_enrolled_by_a_token_and_by_an_operator_and_survives_kills()
    {
        var pin = (await fixture.RunAsync("controller", "fingerprint")).With(0).Output.Trim();
        Assert.Matches("^SHA256:[A-Za-z0-9+/]{43}$", pin);
        var (first, second) = (await ControllerAsync("c1"), await ControllerAsync("c2"));
        var created = JsonElement.Parse((await CallAsync(first, "agent", "join-token", "--name", "web-*", "--label", "group=web", "--expires", "5m", "--json")).Output);
        Assert.Equal(pin, created.GetProperty("controllers_fingerprint").GetString());
        fixture.Environment["OSAPI_AGENT_JOIN_TOKEN_FILE"] = fixture.File("token", created.GetProperty("token").GetString() + "\n");
        var (one, two) = (Agent("web-01"), Agent("web-02"));
        await one.LineAsync(" takes jobs ");
        await two.LineAsync(" takes jobs ");

        fixture.Environment.Remove("OSAPI_AGENT_JOIN_TOKEN_FILE");
        fixture.Environment["OSAPI_AGENT_CONTROLLER_KEY"] = pin;
        var third = Agent("db-01");
        var fingerprint = (await AgentFingerprintAsync("db-01")).With(0).Output.Trim();
        await ErrorLineAsync(third, $"osapi agent enroll accept db-01 {fingerprint}");
        var wrong = (await CallAsync(second, exitCode: 1, "agent", "enroll", "accept", "db-01", "SHA256:" + new string('A', 43))).Error;
        Assert.Contains($"another key asks for ({fingerprint})", wrong, StringComparison.Ordinal);
        await CallAsync(second, "agent", "enroll", "accept", "db-01", fingerprint);
        await third.LineAsync(" takes jobs ");

        foreach (var program in (RunningProgram[])[first.Program, second.Program, one, two, third])
            program.Signal(RunningProgram.Kill);
        fixture.Environment.Remove("OSAPI_AGENT_CONTROLLER_KEY");
        var again = await ControllerAsync("c2");
        foreach (var name in (string[])["web-01", "web-02", "db-01"])
            await Agent(name).LineAsync(" takes jobs ");
        var key = JsonElement.Parse((await CallAsync(again, "agent", "key", "db-01", "--json")).Output);
        Assert.Equal((true, fingerprint), (key.GetProperty("enrolled").GetBoolean(), key.GetProperty("fingerprint").GetString()));
        var answer = await CallAsync(again, "node", "hostname", "--target", "_all", "--json");
        Assert.Equal(["db-01", "web-01", "web-02"], JsonElement.Parse(answer.Output).GetProperty("results").EnumerateArray().Select(host => host.GetProperty("hostname").GetString()));
        var agents = JsonElement.Parse((await CallAsync(again, "agent", "list", "--json")).Output).GetProperty("agents").EnumerateArray();
        Assert.All(agents, agent => Assert.StartsWith("SHA256:", agent.GetProperty("fingerprint").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_agent_with_a_wrong_token_says_so_at_once()
    {
        fixture.Environment["OSAPI_AGENT_JOIN_TOKEN"] = "a.b.c";

        var refused = await fixture.RunAsync("agent", "start", "--nats", url);

        refused.With(2);
        Assert.Contains("OSAPI_AGENT_JOIN_TOKEN is not a join token, or a part of it is missing", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("a.b.c", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_trusts_nobody_does_not_start_when_it_must_not_work_unsigned()
    {
        await ControllerAsync("c1");

        var refused = await fixture.RunAsync("agent", "start", "--nats", url, "--hostname", "web-01", "--state-dir", Path.Combine(fixture.Directory, "web-01"));

        Assert.Contains("give it agent.join_token (osapi agent join-token) or agent.controller_key", refused.With(3).Error, StringComparison.Ordinal);
    }

    private static async Task<string> ErrorLineAsync(RunningProgram program, string wanted)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(40));
        return await program.Error.FindAsync(wanted, timeout.Token);
    }

    private async Task<RunningSystem> ControllerAsync(string name)
    {
        var program = fixture.Start("controller", "start", "--listen", "http://127.0.0.1:0", "--nats", url, "--state-dir", Path.Combine(fixture.Directory, name));
        return new(program, await program.LineAsync(" listens on "));
    }

    private RunningProgram Agent(string name) => fixture.Start("agent", "start", "--hostname", name, "--nats", url, "--state-dir", Path.Combine(fixture.Directory, name));

    private Task<ProcessResult> AgentFingerprintAsync(string name) => fixture.RunAsync("agent", "fingerprint", "--state-dir", Path.Combine(fixture.Directory, name));

    private Task<ProcessResult> CallAsync(RunningSystem controller, params string[] arguments) => CallAsync(controller, exitCode: 0, arguments);

    private async Task<ProcessResult> CallAsync(RunningSystem controller, int exitCode, params string[] arguments) =>
        (await fixture.RunAsync([.. arguments, "--url", controller.Url, "--token", await fixture.TokenAsync("admin")])).With(exitCode);
}
