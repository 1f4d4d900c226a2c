using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Osapi.Client;
using Osapi.Hosting;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Agents;
using Osapi.Operations.Jobs;
using Osapi.Transport.Embedded;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>Tests of the whole system in one process.</summary>
public sealed class OsapiNodeTests : NodeTest
{
    private protected override NodeOptions Options => base.Options with { Agent = new() { Hostname = "web-01", Labels = new Dictionary<string, string> { ["group"] = "web.dev" } } };

    [Fact]
    public async Task It_answers_over_its_socket()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();

        Assert.Equal(Path.Combine(State, "osapi.sock"), system.Socket);
        Assert.Empty(system.Urls);
        Assert.Equal("ready", (await client.Health.ReadyAsync(cancellationToken: Token)).Status);
        foreach (var target in (string[])["_any", "_all", "web-01", "group:web"])
        {
            var answer = await client.Node.HostnameAsync(target, cancellationToken: Token);
            Assert.True(answer.TryGetFirst(out var host) && host.Outcome == Outcome.Ok, answer.RawJson);
            Assert.Equal(("web-01", File.ReadAllText("/proc/sys/kernel/hostname").Trim()), (host.Hostname, host.Result!.OsHostname));
            Assert.Equal(JobStatus.Completed, (await client.Job.GetAsync(answer.JobId, cancellationToken: Token)).Status);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:0")]
    [InlineData("http://[::1]:0")]
    public async Task It_answers_over_TCP(string url)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !url.Contains("::", StringComparison.Ordinal), "no IPv6 here");
        await using var system = await OsapiNode.StartAsync(Options with { Controller = new() { Urls = [new(url)] } }, Token);
        using HttpClient http = new();

        var answer = await http.GetAsync(new Uri(new Uri(system.Urls.Single()), "/health"), Token);

        Assert.Equal("""{"status":"ok"}""", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(new Uri(system.Urls.Single()), "/job"), Token)).StatusCode);
    }

    [Fact]
    public async Task Every_read_only_operation_of_the_catalog_works_on_this_machine()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();

        // A machine need not have a Docker engine, systemd, apt, the users of the examples, or what they wait for: these families have tests with hosts of their own.
        foreach (var operation in OperationCatalog.Default.Where(operation =>
            operation is { RunsOn: RunsOn.Host, Idempotency: Idempotency.ReadOnly } && operation.Family is not ("docker" or "service" or "package" or "user" or "group" or "wait" or "http")))
        {
            // Its example names a file that a machine need not have.
            object request = operation == FileOperations.Content ? new GetContent { Path = "/etc/hostname" } : operation.ExamplePair.Request;
            var reply = await client.SendAsync(operation, request, Target.Any, null, Token);
            Assert.Equal(Outcome.Ok, Assert.Single(reply.Hosts).Outcome);
        }
    }

    [Fact]
    public async Task A_state_directory_that_another_system_holds_is_refused_and_the_other_is_left_alone()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);

        var failure = await Assert.ThrowsAsync<StateDirectoryBusyException>(() => OsapiNode.StartAsync(Options, Token));

        Assert.Contains(State, failure.Message, StringComparison.Ordinal);
        await AssertWorksAsync(system);
    }

    [Fact]
    public async Task A_taken_port_is_an_error_that_names_it_and_everything_is_released()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAnyAsync<IOException>(() => OsapiNode.StartAsync(Options with { Controller = new() { Urls = [new($"http://127.0.0.1:{port}")] } }, Token));

        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(State, "osapi.sock")));
        await AssertStartsAsync();
    }

    [Theory]
    [InlineData("https://127.0.0.1:0", "requires a certificate.")]
    [InlineData("http://127.0.0.1:0/path", "is not an address to listen on: expected http://address:port.")]
    [InlineData("http://example.com:80", "is a host name; use an IP address of this machine, or http://0.0.0.0:80 for all of them.")]
    public async Task An_address_that_cannot_be_listened_on_is_an_error_that_says_what_can(string url, string error)
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => OsapiNode.StartAsync(Options with { Controller = new() { Urls = [new(url)] } }, Token));

        Assert.Equal($"'{new Uri(url)}' {error}", failure.Message);
        await AssertStartsAsync();
    }

    [Fact]
    public async Task A_socket_path_that_is_too_long_is_an_error_that_says_by_how_much()
    {
        var socket = Path.Combine(directory, new string('x', 120));

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => OsapiNode.StartAsync(Options with { Controller = new() { Socket = socket } }, Token));

        Assert.Equal($"The socket path {socket} has {socket.Length} bytes; the maximum is 107. Use a shorter path.", failure.Message);
        await AssertStartsAsync();
    }

    [Fact]
    public async Task A_socket_path_of_the_greatest_length_works()
    {
        var socket = Path.Combine(directory, new string('x', 107 - directory.Length - 1));
        await using var system = await OsapiNode.StartAsync(Options with { Controller = new() { Socket = socket } }, Token);

        await AssertWorksAsync(system);
    }

    [Fact]
    public async Task A_socket_with_a_listener_is_not_replaced()
    {
        var socket = Path.Combine(directory, "shared.sock");
        await using var first = await OsapiNode.StartAsync(Options with { Controller = new() { Socket = socket } }, Token);

        var failure = await Assert.ThrowsAsync<IOException>(() => OsapiNode.StartAsync(Options with { StateDirectory = State + "2", Controller = new() { Socket = socket } }, Token));

        Assert.Equal($"Another process already listens on the socket {socket}.", failure.Message);
        await AssertWorksAsync(first);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_left_alone()
    {
        var path = Path.Combine(directory, "precious.txt");
        File.WriteAllText(path, "precious");

        var failure = await Assert.ThrowsAsync<IOException>(() => OsapiNode.StartAsync(Options with { Controller = new() { Socket = path } }, Token));

        Assert.Equal($"{path} exists and is not a socket; it was not replaced.", failure.Message);
        Assert.Equal("precious", File.ReadAllText(path));
    }

    [Fact]
    public async Task The_socket_and_everything_it_writes_belongs_to_its_owner_and_lies_in_its_directory()
    {
        await using (var system = await OsapiNode.StartAsync(Options, Token))
        {
            await AssertWorksAsync(system);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(system.Socket!));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(State));
            Assert.All(
                Directory.GetFiles(State),
                path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)));
        }

        Assert.Equal([State], Directory.GetFileSystemEntries(directory));
        Assert.False(File.Exists(Path.Combine(State, "osapi.sock")));
    }

    [Fact]
    public async Task It_can_be_stopped_twice_and_at_once_and_started_again_on_its_state()
    {
        string job;
        await using (var system = await OsapiNode.StartAsync(Options, Token))
        {
            using var client = system.CreateClient();
            job = (await client.Node.HostnameAsync("_any", cancellationToken: Token)).JobId.ToString();
            await Task.WhenAll(system.DisposeAsync().AsTask(), system.DisposeAsync().AsTask());
        }

        await using var again = await OsapiNode.StartAsync(Options, Token);
        using var second = again.CreateClient();
        Assert.Equal(JobStatus.Completed, (await second.Job.GetAsync(JobId.Parse(job), cancellationToken: Token)).Status);
    }

    [Fact]
    public async Task A_drained_host_stays_drained_after_a_restart_until_it_is_undrained()
    {
        await using (var system = await OsapiNode.StartAsync(Options, Token))
        {
            using var client = system.CreateClient();
            Assert.True((await client.Agent.DrainAsync("web-01", "kernel update", cancellationToken: Token)).Changed);
            Assert.False((await client.Agent.DrainAsync("web-01", cancellationToken: Token)).Changed);
            var unavailable = await Assert.ThrowsAnyAsync<ApiException>(() => client.Node.HostnameAsync("_any", cancellationToken: Token));
            Assert.Equal(503, unavailable.StatusCode);
        }

        await using var again = await OsapiNode.StartAsync(Options, Token);
        using var second = again.CreateClient();
        var agent = Assert.Single((await second.Agent.ListAsync(cancellationToken: Token)).Agents);
        Assert.Equal(("web-01", AgentStatus.Ready, "kernel update"), (agent.Hostname, agent.Status, agent.Drain!.Reason));
        Assert.True((await second.Node.HostnameAsync("_all", cancellationToken: Token)).TryGetFirst(out var skipped) && skipped.Outcome == Outcome.Skipped);

        Assert.Equal(AgentState.Ready, (await second.Agent.UndrainAsync("web-01", cancellationToken: Token)).State);
        Assert.True((await second.Node.HostnameAsync("_any", cancellationToken: Token)).TryGetFirst(out var host) && host.Outcome == Outcome.Ok);
        Assert.Equal("undrain", (await second.Agent.GetTimelineAsync("web-01", cancellationToken: Token)).Timeline[^1].Event);
    }

    [Fact]
    public async Task An_agent_of_another_name_is_not_remembered()
    {
        await (await OsapiNode.StartAsync(Options, Token)).DisposeAsync();

        await using var again = await OsapiNode.StartAsync(Options with { Agent = new() { Hostname = "web-02" } }, Token);
        using var client = again.CreateClient();

        Assert.Equal(["web-02"], (await client.Agent.ListAsync(cancellationToken: Token)).Agents.Select(agent => agent.Hostname));
    }

    [Fact]
    public async Task Calls_at_the_moment_of_its_stop_are_answered_or_refused_and_none_hangs()
    {
        var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        TaskCompletionSource going = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(CallAsync)).ToList();
        await going.Task;

        await system.DisposeAsync();

        Assert.All(await Task.WhenAll(callers), count => Assert.True(count >= 0));
        await AssertStartsAsync();

        async Task<int> CallAsync()
        {
            for (var calls = 0; ; calls++)
                try
                {
                    await client.Node.HostnameAsync("_all", cancellationToken: Token);
                    if (calls == 3)
                        going.TrySetResult();
                }
                catch (OsapiException)
                {
                    going.TrySetResult();
                    return calls;
                }
        }
    }

    [Fact]
    public async Task A_host_name_of_an_earlier_run_is_no_host_of_this_one()
    {
        await using (var before = await OsapiNode.StartAsync(Options with { Agent = new() { Hostname = "before" } }, Token))
            await AssertWorksAsync(before);
        await using var system = await OsapiNode.StartAsync(Options with { Agent = new() { Hostname = "after" } }, Token);
        using var client = system.CreateClient();

        var answer = await client.Node.HostnameAsync("_all", cancellationToken: Token);

        Assert.Equal(["after"], answer.Hosts.Select(result => result.Hostname));
    }

    [Fact]
    public async Task Started_parts_are_stopped_when_the_start_is_cancelled()
    {
        using CancellationTokenSource source = new();
        var start = OsapiNode.StartAsync(Options with { Logging = logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(new CancelWhenListening(source)) }, source.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        await AssertStartsAsync();
    }

    [Fact]
    public async Task An_agent_that_cannot_start_is_an_error_and_everything_is_released()
    {
        Directory.CreateDirectory(State);
        File.SetUnixFileMode(State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(State, "ledger"), "in the way");

        await Assert.ThrowsAnyAsync<Exception>(() => OsapiNode.StartAsync(Options, Token));

        File.Delete(Path.Combine(State, "ledger"));
        await AssertStartsAsync();
    }

    private async Task AssertStartsAsync()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        await AssertWorksAsync(system);
    }

    private static async Task AssertWorksAsync(OsapiNode system)
    {
        using var client = system.CreateClient();
        Assert.Equal(Outcome.Ok, Assert.Single((await client.Node.HostnameAsync("_any", cancellationToken: Token)).Hosts).Outcome);
    }

    /// <summary>A logger that cancels as soon as the server listens.</summary>
    private sealed class CancelWhenListening(CancellationTokenSource source) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains("listening", StringComparison.OrdinalIgnoreCase))
                source.Cancel();
        }

        public void Dispose()
        {
        }
    }
}
