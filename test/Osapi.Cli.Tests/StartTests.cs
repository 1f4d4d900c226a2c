using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of <c>osapi start</c> with a terminal and curl.</summary>
public sealed class StartTests : CliTest
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mistake_in_the_configuration_is_shown_with_its_line()
    {
        var file = fixture.File("broken.yaml", "controller:\n  listn: http://127.0.0.1:0\nlogging:\n  level: loud\nlabel: a: b\n");

        var answer = (await fixture.RunAsync("config", "check", "--config", file)).With(ExitCode.BadInput);

        Assert.Equal(
            [
                $"error: {file}:2:3: 'listn' is unknown; did you mean 'listen'? (known in controller: listen, allow_insecure, socket, signing_key, tls, token_keys, roles, oidc, limits, jobs, agents, max_detached_runs, metrics, audit)",
                "    2 |   listn: http://127.0.0.1:0",
                "      |   ^^^^^",
                $"error: {file}:4:10: logging.level 'loud' is unknown (known: trace, debug, information, warning, error, critical, none)",
                "    4 |   level: loud",
                "      |          ^^^^",
                $"error: {file}:5:1: 'label' is unknown (known: state_dir, transport, logging, controller, agent, nats, trust, api)",
                "    5 | label: a: b",
                "      | ^^^^^",
                $"error: {file}:5:8: a value that contains ': ' needs quotes",
                "    5 | label: a: b",
                "      |        ^^^^",
                "      = write: label: \"a: b\"",
            ],
            answer.ErrorLines);
    }

    [Fact]
    public async Task It_serves_the_rest_interface_to_callers_with_a_token()
    {
        var system = await fixture.StartSystemAsync("--hostname", "web-01", "--label", "group=web.dev", "--log-level", "trace");
        using var anyone = system.Http();
        using var reader = system.Http(await fixture.TokenAsync("read"));

        Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync(new Uri("health", UriKind.Relative), Token)).StatusCode);
        using var openapi = JsonDocument.Parse(await anyone.GetStringAsync(new Uri("openapi.json", UriKind.Relative), Token));
        Assert.Equal("3.1.1", openapi.RootElement.GetProperty("openapi").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.GetAsync(new Uri("node/_any/hostname", UriKind.Relative), Token)).StatusCode);

        var answer = await reader.GetFromJsonAsync<JsonElement>(new Uri("node/group:web/hostname", UriKind.Relative), Json, Token);
        var host = Assert.Single(answer.GetProperty("results").EnumerateArray());
        Assert.Equal("web-01", host.GetProperty("hostname").GetString());
        Assert.Equal("ok", host.GetProperty("outcome").GetString());
        Assert.False(string.IsNullOrEmpty(host.GetProperty("os_hostname").GetString()));
        Assert.Equal("web.dev", host.GetProperty("labels").GetProperty("group").GetString());
        Assert.True(Guid.TryParse(answer.GetProperty("job_id").GetString(), out _));
    }

    [Theory]
    [InlineData(RunningProgram.Terminate)]
    [InlineData(RunningProgram.Interrupt)]
    public async Task A_signal_ends_it_in_order(int signal)
    {
        var system = await fixture.StartSystemAsync();

        system.Program.Signal(signal);
        var ended = await system.Program.EndAsync();

        ended.With(ExitCode.Ok);
        Assert.DoesNotContain("fail", ended.Error, StringComparison.OrdinalIgnoreCase);
        // The stop is one line, and nothing comes after it.
        var stop = Assert.Single(ended.ErrorLines, line => line.Contains("stop", StringComparison.OrdinalIgnoreCase));
        Assert.EndsWith($"Stopping: {(signal == RunningProgram.Terminate ? "SIGTERM" : "SIGINT")}", stop, StringComparison.Ordinal);
        Assert.Equal(stop, ended.ErrorLines[^1]);
        Assert.False(File.Exists(Path.Combine(fixture.StateDirectory, "osapi.sock")));
    }

    [Fact]
    public async Task Jobs_survive_its_sudden_death()
    {
        var first = await fixture.StartSystemAsync();
        List<string> jobs = [];
        using (var http = first.Http(await fixture.TokenAsync("read")))
        {
            http.DefaultRequestHeaders.Add("Prefer", "respond-async");
            for (var i = 0; i < 5; i++)
            {
                using var answer = await http.GetAsync(new Uri("node/_any/disk", UriKind.Relative), Token);
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
                jobs.Add((await answer.Content.ReadFromJsonAsync<JsonElement>(Json, Token)).GetProperty("job_id").GetString()!);
            }
        }

        first.Program.Signal(RunningProgram.Kill);
        await first.Program.EndAsync();
        await fixture.StartSystemAsync();

        foreach (var job in jobs)
        {
            using var detail = JsonDocument.Parse((await fixture.RunAsync("job", "get", job, "--json")).With(ExitCode.Ok).Output);
            // Whatever its state was at that moment, it is finished now: done, or never to be started.
            Assert.Contains(detail.RootElement.GetProperty("status").GetString(), new[] { "completed", "failed" });
            Assert.Equal("node.disk.get", detail.RootElement.GetProperty("operation").GetProperty("type").GetString());
        }

        using var list = JsonDocument.Parse((await fixture.RunAsync("job", "list", "--json")).With(ExitCode.Ok).Output);
        Assert.Equal(jobs.Count, list.RootElement.GetProperty("total_items").GetInt32());
    }

    [Fact]
    public async Task After_a_sudden_death_commands_are_not_held_up_by_the_socket_that_is_left()
    {
        var system = await fixture.StartSystemAsync("--hostname", "web-01");
        system.Program.Signal(RunningProgram.Kill);
        await system.Program.EndAsync();
        Assert.True(File.Exists(Path.Combine(fixture.StateDirectory, "osapi.sock")));

        var ended = (await fixture.RunAsync("node", "hostname")).With(ExitCode.Ok);

        Assert.DoesNotContain("web-01", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_one_on_the_same_state_names_the_holder()
    {
        var first = await fixture.StartSystemAsync();

        var second = (await fixture.RunAsync("start", "--listen", "http://127.0.0.1:0")).With(ExitCode.Unreachable);

        Assert.Equal(
            [$"error: The state directory {fixture.StateDirectory} is in use by process {first.Program.Id}. Another osapi start uses it; choose another directory with --state-dir."],
            second.ErrorLines);
        Assert.Empty(second.Output);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named_in_one_line()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();

        var ended = (await fixture.RunAsync("start", "--listen", $"http://{taken.LocalEndpoint}")).With(ExitCode.Unreachable);

        var line = Assert.Single(ended.ErrorLines);
        Assert.Contains($"{taken.LocalEndpoint}", line, StringComparison.Ordinal);
        Assert.Contains("address already in use", line, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named_in_one_line()
    {
        fixture.Environment["OSAPI_CONTROLLER_ALLOW_INSECURE"] = "true";
        // RFC 5737: an address that no machine has.
        var ended = (await fixture.RunAsync("start", "--listen", "http://192.0.2.1:8080")).With(ExitCode.Unreachable);

        Assert.Contains("192.0.2.1:8080", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_problems_of_its_options_are_reported_at_once()
    {
        var ended = (await fixture.RunAsync(
            "start", "--listen", "web:80", "--listen", "http://web:80", "--listen", "http://localhost:0", "--max-jobs", "many", "--log-level", "inform",
            "--hostname", "a b", "--label", "group", "--label", "a=1", "--label", "a=2")).With(ExitCode.BadInput);

        Assert.Equal(
            [
                "error: --listen 'web:80' is not an address to listen on: expected http://IP:PORT (0.0.0.0 for every address) or http://localhost:PORT, https:// with a certificate",
                "error: --listen 'http://web:80' is not an address to listen on: expected http://IP:PORT (0.0.0.0 for every address) or http://localhost:PORT, https:// with a certificate",
                "error: --listen 'http://localhost:0' is not an address to listen on: expected http://IP:PORT (0.0.0.0 for every address) or http://localhost:PORT, https:// with a certificate",
                "error: --hostname 'a b' is not a host name",
                "error: --label 'group' is not a label: expected key=value, each of letters, digits, '_' and '-', the value in segments separated by '.'",
                "error: --label a is given more than once",
                "error: --max-jobs must be a number between 1 and 1000",
                "error: --log-level 'inform' is unknown (known: trace, debug, information, warning, error, critical, none)",
            ],
            ended.ErrorLines);
    }

    [Theory]
    [InlineData("start", "--listen", "http://127.0.0.1:0")]
    [InlineData("node", "hostname")]
    [InlineData("token", "generate", "--roles", "read", "--subject", "me")]
    public async Task A_state_directory_that_cannot_be_is_named(params string[] command)
    {
        var file = fixture.File("file", "");

        var ended = await fixture.RunAsync([.. command, "--state-dir", $"{file}/state"]);

        ended.With(command[0] == "token" ? ExitCode.NotPermitted : ExitCode.Unreachable);
        Assert.Contains($"{file}/state", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_directory_whose_socket_would_have_too_long_a_path_is_refused_before_it_starts()
    {
        var deep = Path.Combine(fixture.Directory, new string('d', 120));

        var ended = (await fixture.RunAsync("start", "--listen", "http://127.0.0.1:0", "--state-dir", deep)).With(ExitCode.BadInput);

        Assert.Contains("too long for the path of a socket", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        // A command without its own system there still works: its socket is elsewhere.
        (await fixture.RunAsync("node", "hostname", "--state-dir", deep)).With(ExitCode.Ok);
    }

    internal static JsonSerializerOptions Json { get; } = new() { TypeInfoResolver = JsonTexts.Default };
}
