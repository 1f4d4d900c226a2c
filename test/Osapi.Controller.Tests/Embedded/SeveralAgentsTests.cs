using Microsoft.Extensions.DependencyInjection;
using Osapi.Client;
using Osapi.Controller.Agents;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Operations.Files;
using Osapi.Operations.Network;
using Osapi.Transport;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>
/// Tests of three real agents with their own names, file trees and facts, on one store, with every family of
/// operations.
/// </summary>
public sealed class SeveralAgentsTests : IAsyncLifetime
{
    private static readonly string[] Names = ["db-01", "web-01", "web-02"];

    private readonly SystemParts parts = new(limit: TimeSpan.FromMinutes(5));
    private ITransport transport = null!;
    private RunningController controller = null!;

    private CancellationToken Token => parts.Token;

    private OsapiClient Client => controller.Client;

    public async ValueTask InitializeAsync()
    {
        transport = await parts.OpenStoreAsync();
        controller = await parts.StartControllerAsync(transport, "state");
    }

    public ValueTask DisposeAsync() => parts.DisposeAsync();

    [Fact]
    public async Task Read_only_operations_answer_once_for_each_host()
    {
        await StartAsync();

        foreach (var operation in OperationCatalog.Default.Where(operation => operation.Family == "node"))
            Assert.Equal(Names.Select(name => $"{name} Ok False"), Entries(await Client.SendAsync(operation, operation.ExamplePair.Request, "_all", null, Token)));
        Assert.Equal(["web-01", "web-02"], (await Client.Node.HostnameAsync("group:web", cancellationToken: Token)).Hosts.Select(host => host.Hostname).Order());
    }

    [Fact]
    public async Task Commands_run_once_on_each_host_with_its_own_facts()
    {
        await StartAsync();
        var ran = Directory.CreateDirectory(Path.Combine(parts.Directory, "ran")).FullName;

        var exec = await Client.Command.ExecAsync("_all", new() { Command = "echo", Args = ["@fact.hostname", "@fact.custom.site"] }, cancellationToken: Token);
        var shell = await Client.Command.ShellAsync("group:web", new() { Command = "echo x >> @fact.hostname", Cwd = ran, AllowExitCodes = [0] }, cancellationToken: Token);
        var guarded = await Client.Command.ShellAsync("_all", new() { Command = "echo x >> @fact.hostname", Cwd = ran, Creates = "@fact.hostname" }, cancellationToken: Token);

        Assert.Equal(Names.Select(name => $"{name}: {name} site-of-{name}\n"), exec.Hosts.OrderBy(host => host.Hostname).Select(host => $"{host.Hostname}: {host.Result!.Stdout}"));
        Assert.Equal(["web-01", "web-02"], shell.Hosts.Where(host => host is { Outcome: Outcome.Ok, Changed: true }).Select(host => host.Hostname).Order());
        Assert.Equal(["db-01 Ok", "web-01 Skipped", "web-02 Skipped"], guarded.Hosts.Select(host => $"{host.Hostname} {host.Outcome}").Order());
        Assert.All(Names, name => Assert.Equal("x\n", File.ReadAllText(Path.Combine(ran, name))));
    }

    [Fact]
    public async Task A_template_is_deployed_compared_and_removed_on_each_host()
    {
        await StartAsync();
        await Client.File.UploadAsync("site.tmpl", new MemoryStream("{{ hostname }} at {{ facts.facts.site }}\n"u8.ToArray()), FileContentType.Template, cancellationToken: Token);
        DeployFile request = new() { ObjectName = "site.tmpl", Path = Path.Combine(parts.Directory, "@fact.hostname", "site"), ContentType = FileContentType.Template, CreateParents = true };

        var check = await Client.SendAsync(FileOperations.Deploy, request, "_all", new() { Check = true }, Token);
        Assert.All(check.Hosts, entry => Assert.True(entry.Check!.Changed));
        Assert.All(Names, name => Assert.False(Directory.Exists(Path.Combine(parts.Directory, name))));
        foreach (var changed in (bool[])[true, false])
            Assert.Equal(Names.Select(name => $"{name} Ok {changed}"), Entries(await Client.SendAsync(FileOperations.Deploy, request, "_all", null, Token)));
        Assert.All(Names, name => Assert.Equal($"{name} at site-of-{name}\n", File.ReadAllText(Path.Combine(parts.Directory, name, "site"))));

        // One host drifts: only this one reports it and is changed.
        File.AppendAllText(Path.Combine(parts.Directory, "web-02", "site"), "by hand\n");
        var status = await Client.File.StatusAsync("_all", request.Path, cancellationToken: Token);
        Assert.Equal(["db-01 in-sync", "web-01 in-sync", "web-02 drifted"], status.Hosts.Select(host => $"{host.Hostname} {host.Result!.Status}").Order());
        Assert.Equal(["db-01 Ok False", "web-01 Ok False", "web-02 Ok True"], Entries(await Client.SendAsync(FileOperations.Deploy, request, "_all", null, Token)));

        var removed = await Client.File.UndeployAsync("group:web", new() { Path = request.Path }, cancellationToken: Token);
        Assert.Equal(["web-01 True", "web-02 True"], removed.Hosts.Select(host => $"{host.Hostname} {host.Changed}").Order());
        Assert.Equal([true, false, false], Names.Select(name => File.Exists(Path.Combine(parts.Directory, name, "site"))));
    }

    [Fact]
    public async Task Network_settings_are_read_set_and_reached_on_each_host()
    {
        await StartAsync(name => Directory.CreateDirectory(Path.Combine(parts.Directory, "roots", name)).FullName);
        foreach (var name in Names)
        {
            Put(name, "proc/net/dev", "Inter-|   Receive\n face |bytes\n  eth0: 1224914    1562\n");
            Put(name, "proc/self/mountinfo", "36 35 98:0 / / rw - ext4 /dev/root rw\n");
            Put(name, "etc/resolv.conf", $"nameserver 192.0.2.{Array.IndexOf(Names, name) + 1}\n");
        }

        var before = await Client.Network.GetDnsAsync("_all", "eth0", cancellationToken: Token);
        Assert.Equal(["db-01 192.0.2.1", "web-01 192.0.2.2", "web-02 192.0.2.3"], before.Hosts.Select(host => $"{host.Hostname} {host.Result!.Servers.Single()}").Order());
        // Two already match when all of them are asked.
        UpdateDns request = new() { InterfaceName = "eth0", Servers = ["192.0.2.3"] };
        Assert.Equal(["web-01 Ok True", "web-02 Ok False"], Entries(await Client.SendAsync(NetworkOperations.UpdateDns, request, "group:web", null, Token)));
        Assert.Equal(["db-01 Ok True", "web-01 Ok False", "web-02 Ok False"], Entries(await Client.SendAsync(NetworkOperations.UpdateDns, request, "_all", null, Token)));

        var ping = await Client.Network.PingAsync("_all", new() { Address = "127.0.0.1", Count = 1 }, cancellationToken: Token);
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
        var go = Path.Combine(parts.Directory, "go");
        CallOptions options = new()
        {
            HostEnded = host =>
            {
                ended.Add($"{host.Hostname} {host.Outcome} {host.Changed} {host.Result?.GetProperty("stdout").GetString()}");
                if (ended.Count == first.Split(',').Length)
                    others.SetResult();
            },
        };

        var call = Client.Command.ShellAsync(
            target.Contains(',', StringComparison.Ordinal) ? Target.OfHosts(target.Split(',')) : target,
            new() { Command = $"printf x; [ @fact.hostname != web-02 ] || while ! [ -e {go} ]; do sleep 0.02; done" }, options, Token);
        await others.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.False(call.IsCompleted);
        File.Create(go).Dispose();
        var answer = await call;

        Assert.Equal(first.Split(',').Append("web-02"), answer.Hosts.Select(host => host.Hostname));
        Assert.Equal(answer.Hosts.Select(host => $"{host.Hostname} Ok True x"), [.. ended[..^1].Order(), ended[^1]]);
        Assert.Equal((await Client.Job.GetAsync(answer.JobId, cancellationToken: Token)).Target, target == "_all" ? "_all" : "_hosts");
    }

    [Fact]
    public async Task A_single_host_that_fails_is_reported_before_the_call_throws()
    {
        await StartAsync();
        List<string> ended = [];

        var failure = await Assert.ThrowsAsync<NotFoundException>(() => Client.SendAsync(
            CommandOperations.Exec, new ExecCommand { Command = "no-such-program" }, "web-01", new() { HostEnded = host => ended.Add($"{host.Hostname} {host.ErrorType}") }, Token));

        Assert.Equal("web-01 NotFound", Assert.Single(ended));
        Assert.Equal("web-01", failure.Hosts.Single().Hostname);
    }

    private static IEnumerable<string> Entries(OperationReply reply) => reply.Hosts.Select(entry => $"{entry.Hostname} {entry.Outcome} {entry.Changed}").Order();

    private async Task StartAsync(Func<string, string>? root = null)
    {
        foreach (var name in Names)
            await parts.StartAgentAsync(
                transport,
                new()
                {
                    Hostname = name,
                    Labels = new Dictionary<string, string> { ["group"] = name.Split('-')[0] },
                    CustomFacts = new Dictionary<string, string> { ["site"] = $"site-of-{name}" },
                    Root = root?.Invoke(name) ?? "/",
                },
                Path.Combine("agents", name));

        // The controller's progress in the log has no signal of its own.
        var registry = controller.Services.GetRequiredService<AgentRegistry>();
        while (registry.All.Count < Names.Length)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
    }

    private void Put(string name, string path, string text)
    {
        FileInfo file = new(Path.Combine(parts.Directory, "roots", name, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
