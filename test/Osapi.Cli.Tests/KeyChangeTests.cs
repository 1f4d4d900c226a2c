using System.Text;
using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the change of the controllers' keys with real processes, none of which believes anything unsigned: work goes on at every step.</summary>
public sealed class KeyChangeTests : CliTest
{
    private const string Listens = "Listening for client connections on ";
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(40);

    private readonly Dictionary<string, RunningSystem> controllers = [];
    private readonly Dictionary<string, RunningProgram> agents = [];
    private string url = "";
    private string adminToken = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        var broker = fixture.StartProgram("nats-server", "-a", "127.0.0.1", "-p", "-1", "-js", "-sd", Path.Combine(fixture.Directory, "broker"));
        var line = await FindAsync(broker, Listens);
        url = $"nats://{line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]}";
        fixture.Environment["OSAPI_TRUST_UNSIGNED"] = "refuse";
        fixture.Environment["OSAPI_CONTROLLER_SIGNING_KEY"] = Path.Combine(fixture.Directory, "signing.key");
        adminToken = await fixture.TokenAsync("admin");
    }

    [Fact]
    public async Task Controllers_are_switched_one_after_the_other_and_every_host_goes_on_also_one_that_was_away()
    {
        await StartControllerAsync("c1");
        CopyKey("controller.key");
        await StartControllerAsync("c2");
        var created = await fixture.RunAsync("agent", "join-token", "--name", "web-*", "--json", "--url", controllers["c1"].Url, "--token", adminToken);
        var token = JsonElement.Parse(created.With(0).Output).GetProperty("token").GetString()!;
        fixture.Environment["OSAPI_AGENT_JOIN_TOKEN"] = token;
        foreach (var name in (string[])["web-01", "web-02"])
            await StartAgentAsync(name);
        await StopAsync(agents["web-02"]);
        var before = await ResultAsync("c1", "web-01");

        var first = (await KeyAsync("c1", "show")).Split("present ")[1].Trim();
        await KeyAsync("c1", "create-next");
        CopyKey("controller.key.next");
        var next = (await KeyAsync("c2", "show")).Split("next ")[1].Trim();
        await RestartAsync("c1");
        await ResultAsync("c2", "web-01");
        await RestartAsync("c2");
        await BelievesAsync("c1", "web-01");
        await ResultAsync("c1", "web-01");

        await KeyAsync("c1", "switch");
        await RestartAsync("c1");
        await ResultAsync("c1", "web-01");
        await ResultAsync("c2", "web-01");
        await RestartAsync("c2");
        await FindAsync(controllers["c2"].Program, $"Other controllers use the next key {next} already: run osapi controller key switch here");
        await ResultAsync("c2", "web-01");
        await KeyAsync("c2", "switch");
        await RestartAsync("c2");
        await BelievesAsync("c2", "web-01");
        await ResultAsync("c1", "web-01");
        // Its configuration still has the token of before, and it has never heard of the next key.
        await StartAgentAsync("web-02");
        await BelievesAsync("c1", "web-02");
        await ResultAsync("c2", "web-02");
        Assert.Equal("completed", (await GetAsync("c2", $"job/{before}")).GetProperty("status").GetString());

        foreach (var name in (string[])["c1", "c2"])
        {
            await KeyAsync(name, "retire");
            await RestartAsync(name);
        }

        foreach (var agent in (string[])["web-01", "web-02"])
        {
            await BelievesAsync("c2", agent);
            await ResultAsync("c1", agent);
            var stored = JsonElement.Parse(await File.ReadAllBytesAsync(Path.Combine(fixture.Directory, agent, "enrolment.json"), Token));
            Assert.Equal(JsonValueKind.Null, stored.GetProperty("other_controllers").ValueKind);
            Assert.Equal([first], stored.GetProperty("former").EnumerateArray().Select(key => key.GetString()));
            await StopAsync(agents[agent]);
            await StartAgentAsync(agent);
            await ResultAsync("c1", agent);
        }
    }

    [Fact]
    public async Task A_step_out_of_order_says_what_is_missing()
    {
        Assert.Contains("there are no next keys", (await RunKeyAsync("c1", "switch")).With(1).Error, StringComparison.Ordinal);
        Assert.Contains("there are no previous keys", (await RunKeyAsync("c1", "retire")).With(1).Error, StringComparison.Ordinal);
    }

    private static async Task<string> FindAsync(RunningProgram program, string wanted)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(MaxWait);
        return await program.Error.FindAsync(wanted, timeout.Token);
    }

    private void CopyKey(string name)
    {
        var to = Directory.CreateDirectory(Path.Combine(fixture.Directory, "c2")).FullName;
        File.Copy(Path.Combine(fixture.Directory, "c1", name), Path.Combine(to, name));
    }

    private async Task StartControllerAsync(string name)
    {
        var program = fixture.Start("controller", "start", "--listen", "http://127.0.0.1:0", "--nats", url, "--state-dir", Path.Combine(fixture.Directory, name));
        controllers[name] = new(program, await program.LineAsync(" listens on "));
    }

    private async Task RestartAsync(string name)
    {
        await StopAsync(controllers[name].Program);
        await StartControllerAsync(name);
    }

    private async Task StartAgentAsync(string name)
    {
        agents[name] = fixture.Start("agent", "start", "--hostname", name, "--nats", url, "--state-dir", Path.Combine(fixture.Directory, name));
        await agents[name].LineAsync(" takes jobs ");
    }

    private static async Task StopAsync(RunningProgram program)
    {
        program.Signal(RunningProgram.Terminate);
        (await program.EndAsync()).With(0);
    }

    private Task<ProcessResult> RunKeyAsync(string controller, string step) =>
        fixture.RunAsync("controller", "key", step, "--state-dir", Path.Combine(fixture.Directory, controller));

    private async Task<string> KeyAsync(string controller, string step) => (await RunKeyAsync(controller, step)).With(0).Output;

    private async Task<JsonElement> GetAsync(string controller, string path)
    {
        using var http = controllers[controller].Http(adminToken);
        return JsonElement.Parse(await http.GetByteArrayAsync(new Uri(path, UriKind.Relative), Token));
    }

    // A job for the host and one for any host, with an output that is an object of its own.
    private async Task<string> ResultAsync(string controller, string host)
    {
        using var http = controllers[controller].Http(adminToken);
        var id = "";
        foreach (var target in (string[])["_any", host])
        {
            using StringContent body = new("""{"command":"seq 1 40000"}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri($"node/{target}/command/shell", UriKind.Relative), body, Token);
            var reply = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(Token));
            Assert.Equal(("ok", 228_894), (reply.GetProperty("results")[0].GetProperty("outcome").GetString(), reply.GetProperty("results")[0].GetProperty("stdout").GetString()!.Length));
            id = reply.GetProperty("job_id").GetString()!;
        }

        return id;
    }

    private async Task BelievesAsync(string controller, string agent)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(MaxWait);
        while ((await GetAsync(controller, $"agent/{agent}")).GetProperty("conditions").EnumerateArray().Any(condition => condition.GetProperty("type").GetString() == "KeyChange"))
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, timeout.Token);
    }
}
