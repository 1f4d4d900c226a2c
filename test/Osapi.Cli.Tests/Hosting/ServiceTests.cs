using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Hosting;

/// <summary>Tests of a system as a service: its notifications to systemd, its journal, and its stop.</summary>
public sealed class ServiceTests : CliTest
{
    // RFC 5737: no machine has it, so that nothing answers.
    private const string NoBroker = "nats://192.0.2.1:4222";

    [Fact]
    public async Task Systemd_is_notified_of_readiness_watchdog_and_stop()
    {
        using NotifySocket systemd = new(Path.Combine(fixture.Directory, "notify"));
        fixture.Environment["NOTIFY_SOCKET"] = Path.Combine(fixture.Directory, "notify");
        fixture.Environment["WATCHDOG_USEC"] = "200000";
        var system = await fixture.StartSystemAsync();

        var ready = await systemd.FindAsync("READY=1");
        await systemd.FindAsync("WATCHDOG=1");
        system.Program.Signal(RunningProgram.Terminate);
        await systemd.FindAsync("STOPPING=1");

        (await system.Program.EndAsync()).With(ExitCode.Ok);
        Assert.Contains($"STATUS={system.Announcement}", ready.Split('\n'));
    }

    [Fact]
    public async Task A_missing_service_manager_is_reported()
    {
        fixture.Environment["NOTIFY_SOCKET"] = Path.Combine(fixture.Directory, "nobody");

        var ended = (await fixture.RunAsync("start", "--listen", "http://127.0.0.1:0")).With(ExitCode.Unreachable);

        Assert.Contains("NOTIFY_SOCKET", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_journal_lines_carry_their_level_and_no_time()
    {
        fixture.Environment["JOURNAL_STREAM"] = "1:1";
        var system = await fixture.StartSystemAsync("--log-level", "debug");
        using (var http = system.Http("nonsense"))
            await http.GetAsync(new Uri("job", UriKind.Relative), TestContext.Current.CancellationToken);
        system.Program.Signal(RunningProgram.Terminate);

        var ended = (await system.Program.EndAsync()).With(ExitCode.Ok);

        Assert.All(ended.ErrorLines.Where(line => line.Length > 0), line => Assert.Matches("^<[2-7]>[a-zA-Z.]+: ", line));
    }

    [Theory]
    [InlineData("controller")]
    [InlineData("agent")]
    public async Task While_it_waits_for_the_broker_it_is_not_ready_and_a_signal_ends_it(string part)
    {
        using NotifySocket systemd = new(Path.Combine(fixture.Directory, "notify"));
        fixture.Environment["NOTIFY_SOCKET"] = Path.Combine(fixture.Directory, "notify");
        var waiting = fixture.Start(part, "start", "--nats", NoBroker);

        await systemd.FindAsync("STATUS=starting");
        using (CancellationTokenSource bound = new(TimeSpan.FromSeconds(40)))
            Assert.Contains(NoBroker, await waiting.Error.FindAsync("Connecting to the broker", bound.Token), StringComparison.Ordinal);
        waiting.Signal(RunningProgram.Terminate);

        var ended = (await waiting.EndAsync()).With(ExitCode.Ok);
        Assert.Empty(ended.Output);
    }

    [Fact]
    public async Task A_second_controller_on_the_same_state_names_the_holder()
    {
        var first = fixture.Start("controller", "start", "--nats", NoBroker);
        using (CancellationTokenSource bound = new(TimeSpan.FromSeconds(40)))
            await first.Error.FindAsync("Connecting to the broker", bound.Token);

        var second = (await fixture.RunAsync("controller", "start", "--nats", NoBroker)).With(ExitCode.Unreachable);

        Assert.Contains($"is in use by process {first.Id}", Assert.Single(second.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        using NotifySocket systemd = new(Path.Combine(fixture.Directory, "notify"));
        fixture.Environment["NOTIFY_SOCKET"] = Path.Combine(fixture.Directory, "notify");
        var system = await fixture.StartSystemAsync();
        fixture.Environment.Remove("NOTIFY_SOCKET");
        var pipe = await Pipe.CreateAsync(fixture, "pipe");
        // A running command delays a stopping agent by seconds.
        var call = fixture.Start("command", "shell", "--command", pipe.Endless);
        await pipe.ProcessAsync();

        system.Program.Signal(RunningProgram.Terminate);
        await systemd.FindAsync("STOPPING=1");
        system.Program.Signal(RunningProgram.Terminate);
        var ended = await system.Program.EndAsync();

        Assert.NotEqual(ExitCode.Ok, ended.ExitCode);
        await call.EndAsync();
    }

    [Fact]
    public async Task Problems_of_the_configuration_are_reported_before_anything_starts()
    {
        var config = fixture.File("osapi.yaml", "controller:\n  listen: https://127.0.0.1:0\n  tls: {key: /nowhere/key.pem}\nnats:\n  user: me\n  credentials_file: /nowhere/creds\n");

        var ended = (await fixture.RunAsync("controller", "start", "--config", config)).With(ExitCode.BadInput);

        Assert.Equal(
            [
                $"error: {config}:2:11: controller.listen https://127.0.0.1:0 needs controller.tls.certificate and controller.tls.key",
                $"error: {config}:3:14: controller.tls.key requires controller.tls.certificate",
                $"error: {config}:3:14: controller.tls.key /nowhere/key.pem cannot be read: Could not find a part of the path '/nowhere/key.pem'.",
                $"error: {config}:5:9: nats.user requires nats.password",
                $"error: {config}:6:21: nats.credentials_file conflicts with {config}:5:9: nats.user: only one kind of credentials may be given",
                $"error: {config}:6:21: nats.credentials_file /nowhere/creds cannot be read: Could not find a part of the path '/nowhere/creds'.",
            ],
            ended.ErrorLines.Where(line => line.StartsWith("error: ", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(fixture.StateDirectory));
    }

    [Fact]
    public async Task The_configuration_is_listed_with_sources_and_without_secrets()
    {
        var config = fixture.File("osapi.yaml", "nats: {user: me, password: geheim}\nagent:\n  labels: {group: web}\n");
        fixture.Environment["OSAPI_LOGGING_LEVEL"] = "debug";

        var ended = (await fixture.RunAsync("config", "check", "--config", config)).With(ExitCode.Ok);

        Assert.Equal(
            [
                $"state_dir {fixture.StateDirectory} OSAPI_STATE_DIR",
                "logging.level debug OSAPI_LOGGING_LEVEL",
                $"agent.labels group=web {config}:3:11",
                $"nats.user me {config}:1:14",
                $"nats.password *** {config}:1:28",
                $"{config}: no problems",
            ],
            ended.Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.DoesNotContain("geheim", ended.Output + ended.Error, StringComparison.Ordinal);
    }
}
