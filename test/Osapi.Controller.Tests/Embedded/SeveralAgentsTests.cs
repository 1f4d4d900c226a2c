using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller.Agents;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Operations.Files;
using Osapi.Operations.Network;
using Osapi.Transport.Embedded;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>
/// Tests of three real agents with their own names, file trees and facts, on one store, with every family of
/// operations.
/// </summary>
public sealed class SeveralAgentsTests : IAsyncLifetime
{
    private static readonly string[] Names = ["db-01", "web-01", "web-02"];

    private readonly string directory = Directory.CreateTempSubdirectory("osapi-").FullName;
    private readonly List<OsapiAgent> agents = [];
    private EmbeddedTransport transport = null!;
    private OsapiController controller = null!;
    private OsapiClient client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var state = Path.Combine(directory, "state");
        transport = await EmbeddedTransport.OpenAsync(new() { Directory = state }, Token);
        controller = await OsapiController.StartAsync(new() { Transport = transport, StateDirectory = state }, new() { Urls = [new("http://127.0.0.1:0")] }, _ => { }, Token);
        client = new(controller.Urls.First(), new Tokens(SigningKey.LoadOrCreate(Path.Combine(state, "signing.key")), TimeProvider.System).Generate("tester", ["admin"], [], TimeSpan.FromHours(1)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in agents)
            await agent.DisposeAsync();
        client.Dispose();
        await controller.DisposeAsync();
        await transport.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Read_only_operations_answer_once_for_each_host()
    {
        await StartAsync();

        foreach (var operation in OperationCatalog.Default.Where(operation => operation.Family == "node"))
            Assert.Equal(Names.Select(name => $"{name} Ok False"), Entries(await client.SendAsync(operation, operation.ExamplePair.Request, "_all", null, Token)));
        Assert.Equal(["web-01", "web-02"], (await client.Node.HostnameAsync("group:web", cancellationToken: Token)).Hosts.Select(host => host.Hostname).Order());
    }

    [Fact]
    public async Task Commands_run_once_on_each_host_with_its_own_facts()
    {
        await StartAsync();
        var ran = Directory.CreateDirectory(Path.Combine(directory, "ran")).FullName;

        var exec = await client.Command.ExecAsync("_all", new() { Command = "echo", Args = ["@fact.hostname", "@fact.custom.site"] }, cancellationToken: Token);
        var shell = await client.Command.ShellAsync("group:web", new() { Command = "echo x >> @fact.hostname", Cwd = ran, AllowExitCodes = [0] }, cancellationToken: Token);
        var guarded = await client.Command.ShellAsync("_all", new() { Command = "echo x >> @fact.hostname", Cwd = ran, Creates = "@fact.hostname" }, cancellationToken: Token);

        Assert.Equal(Names.Select(name => $"{name}: {name} site-of-{name}\n"), exec.Hosts.OrderBy(host => host.Hostname).Select(host => $"{host.Hostname}: {host.Result!.Stdout}"));
        Assert.Equal(["web-01", "web-02"], shell.Hosts.Where(host => host is { Outcome: Outcome.Ok, Changed: true }).Select(host => host.Hostname).Order());
        Assert.Equal(["db-01 Ok", "web-01 Skipped", "web-02 Skipped"], guarded.Hosts.Select(host => $"{host.Hostname} {host.Outcome}").Order());
        Assert.All(Names, name => Assert.Equal("x\n", File.ReadAllText(Path.Combine(ran, name))));
    }

    [Fact]
    public async Task A_template_is_deployed_compared_and_removed_on_each_host()
    {
        await StartAsync();
        await client.File.UploadAsync("site.tmpl", new MemoryStream("{{ hostname }} at {{ facts.facts.site }}\n"u8.ToArray()), FileContentType.Template, cancellationToken: Token);
        DeployFile request = new() { ObjectName = "site.tmpl", Path = Path.Combine(directory, "@fact.hostname", "site"), ContentType = FileContentType.Template, CreateParents = true };

        var check = await client.SendAsync(FileOperations.Deploy, request, "_all", new() { Check = true }, Token);
        Assert.All(check.Hosts, entry => Assert.True(entry.Check!.Changed));
        Assert.All(Names, name => Assert.False(Directory.Exists(Path.Combine(directory, name))));
        foreach (var changed in (bool[])[true, false])
            Assert.Equal(Names.Select(name => $"{name} Ok {changed}"), Entries(await client.SendAsync(FileOperations.Deploy, request, "_all", null, Token)));
        Assert.All(Names, name => Assert.Equal($"{name} at site-of-{name}\n", File.ReadAllText(Path.Combine(directory, name, "site"))));

        // One host drifts: only this one reports it and is changed.
        File.AppendAllText(Path.Combine(directory, "web-02", "site"), "by hand\n");
        var status = await client.File.StatusAsync("_all", request.Path, cancellationToken: Token);
        Assert.Equal(["db-01 in-sync", "web-01 in-sync", "web-02 drifted"], status.Hosts.Select(host => $"{host.Hostname} {host.Result!.Status}").Order());
        Assert.Equal(["db-01 Ok False", "web-01 Ok False", "web-02 Ok True"], Entries(await client.SendAsync(FileOperations.Deploy, request, "_all", null, Token)));

        var removed = await client.File.UndeployAsync("group:web", new() { Path = request.Path }, cancellationToken: Token);
        Assert.Equal(["web-01 True", "web-02 True"], removed.Hosts.Select(host => $"{host.Hostname} {host.Changed}").Order());
        Assert.Equal([true, false, false], Names.Select(name => File.Exists(Path.Combine(directory, name, "site"))));
    }

    [Fact]
    public async Task Network_settings_are_read_set_and_reached_on_each_host()
    {
        await StartAsync(name => Directory.CreateDirectory(Path.Combine(directory, "roots", name)).FullName);
        foreach (var name in Names)
        {
            Put(name, "proc/net/dev", "Inter-|   Receive\n face |bytes\n  eth0: 1224914    1562\n");
            Put(name, "proc/self/mountinfo", "36 35 98:0 / / rw - ext4 /dev/root rw\n");
            Put(name, "etc/resolv.conf", $"nameserver 192.0.2.{Array.IndexOf(Names, name) + 1}\n");
        }

        var before = await client.Network.GetDnsAsync("_all", "eth0", cancellationToken: Token);
        Assert.Equal(["db-01 192.0.2.1", "web-01 192.0.2.2", "web-02 192.0.2.3"], before.Hosts.Select(host => $"{host.Hostname} {host.Result!.Servers.Single()}").Order());
        // Two already match when all of them are asked.
        UpdateDns request = new() { InterfaceName = "eth0", Servers = ["192.0.2.3"] };
        Assert.Equal(["web-01 Ok True", "web-02 Ok False"], Entries(await client.SendAsync(NetworkOperations.UpdateDns, request, "group:web", null, Token)));
        Assert.Equal(["db-01 Ok True", "web-01 Ok False", "web-02 Ok False"], Entries(await client.SendAsync(NetworkOperations.UpdateDns, request, "_all", null, Token)));

        var ping = await client.Network.PingAsync("_all", new() { Address = "127.0.0.1", Count = 1 }, cancellationToken: Token);
        Assert.Equal(Names.Select(name => $"{name} 1 False"), ping.Hosts.Select(host => $"{host.Hostname} {host.Result!.PacketsReceived} {host.Changed}").Order());
    }

    [Theory]
    [InlineData("db-01,web-02", "db-01")]
    [InlineData("_all", "db-01,web-01")]
    public async Task Each_host_is_reported_once_as_soon_as_it_has_ended(string target, string first)
    {
        await StartAsync();
        List<string> ended = [];
        TaskCompletionSource others = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = Path.Combine(directory, "go");
        CallOptions options = new()
        {
            HostEnded = host =>
            {
                ended.Add($"{host.Hostname} {host.Outcome} {host.Changed} {host.Result?.GetProperty("stdout").GetString()}");
                if (ended.Count == first.Split(',').Length)
                    others.SetResult();
            },
        };

        var call = client.Command.ShellAsync(
            target.Contains(',', StringComparison.Ordinal) ? Target.OfHosts(target.Split(',')) : target,
            new() { Command = $"printf x; [ @fact.hostname != web-02 ] || while ! [ -e {go} ]; do sleep 0.02; done" }, options, Token);
        await others.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.False(call.IsCompleted);
        File.Create(go).Dispose();
        var answer = await call;

        Assert.Equal(first.Split(',').Append("web-02"), answer.Hosts.Select(host => host.Hostname));
        Assert.Equal(answer.Hosts.Select(host => $"{host.Hostname} Ok True x"), [.. ended[..^1].Order(), ended[^1]]);
        Assert.Equal((await client.Job.GetAsync(answer.JobId, cancellationToken: Token)).Target, target == "_all" ? "_all" : "_hosts");
    }

    [Fact]
    public async Task A_single_host_that_fails_is_reported_before_the_call_throws()
    {
        await StartAsync();
        List<string> ended = [];

        var failure = await Assert.ThrowsAsync<NotFoundException>(() => client.SendAsync(
            CommandOperations.Exec, new ExecCommand { Command = "no-such-program" }, "web-01", new() { HostEnded = host => ended.Add($"{host.Hostname} {host.ErrorType}") }, Token));

        Assert.Equal("web-01 NotFound", Assert.Single(ended));
        Assert.Equal("web-01", failure.Hosts.Single().Hostname);
    }

    private static IEnumerable<string> Entries(OperationReply reply) => reply.Hosts.Select(entry => $"{entry.Hostname} {entry.Outcome} {entry.Changed}").Order();

    private async Task StartAsync(Func<string, string>? root = null)
    {
        foreach (var name in Names)
            agents.Add(await OsapiAgent.StartAsync(
                new() { Transport = transport, StateDirectory = Path.Combine(directory, "agents", name) },
                new()
                {
                    Hostname = name,
                    Labels = new Dictionary<string, string> { ["group"] = name.Split('-')[0] },
                    CustomFacts = new Dictionary<string, string> { ["site"] = $"site-of-{name}" },
                    Root = root?.Invoke(name) ?? "/",
                },
                NullLogger.Instance,
                Token));

        // The controller's progress in the log has no signal of its own.
        var registry = controller.Services.GetRequiredService<AgentRegistry>();
        while (registry.All.Count < Names.Length)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
    }

    private void Put(string name, string path, string text)
    {
        FileInfo file = new(Path.Combine(directory, "roots", name, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
