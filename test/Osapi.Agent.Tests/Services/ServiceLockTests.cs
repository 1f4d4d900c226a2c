using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Services;

/// <summary>Tests that operations of the family run one after the other.</summary>
public sealed class ServiceLockTests
{
    private const string Shown = "Type=simple\nId=example-web.service\nNames=example-web.service\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=disabled\nCanStart=yes\nCanStop=yes\nCanReload=yes\nNeedDaemonReload=no\n";

    private static IEnumerable<Operation> Family => OperationCatalog.Default.Where(operation => operation.Family == "service");

    public static TheoryData<string> Changing => [.. Family.Where(operation => operation.Idempotency != Idempotency.ReadOnly).Select(operation => operation.Id)];

    [Fact]
    public void Nine_operations_change_something() => Assert.Equal(9, Changing.Count);

    [Theory, MemberData(nameof(Changing))]
    public async Task An_operation_waits_for_the_one_before_and_its_check_does_not(string id)
    {
        using var tree = Tree();
        var host = tree.Host;
        using var held = await host.Locks.AcquireAsync("service", host, TestContext.Current.CancellationToken);
        var operation = Family.Single(operation => operation.Id == id);
        var request = JsonSerializer.SerializeToUtf8Bytes(operation.ExamplePair.Request, operation.RequestInfo);
        OperationExecutor executor = new(AgentHandlers.All, host);
        using CancellationTokenSource cancel = new();

        var check = await executor.RunAsync(id, request, check: true, TestContext.Current.CancellationToken);
        var running = executor.RunAsync(id, request, check: false, cancel.Token);
        Assert.False(running.IsCompleted);
        await cancel.CancelAsync();
        var entry = await running;

        Assert.Equal((Outcome.Ok, null), (check.Outcome, check.Error));
        Assert.Equal((Outcome.Cancelled, false), (entry.Outcome, entry.Changed));
        Assert.StartsWith("cancelled before it ran", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_does_not_wait()
    {
        using var tree = Tree();
        var host = tree.Host;
        using var held = await host.Locks.AcquireAsync("service", host, TestContext.Current.CancellationToken);

        var entry = await new OperationExecutor(AgentHandlers.All, host).RunAsync("service.status.get", """{"name":"example-web"}"""u8.ToArray(), check: false, TestContext.Current.CancellationToken);

        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
    }

    private static PreparedTree Tree() => new PreparedTree { Tool = command => command.Contains(" show ", StringComparison.Ordinal) ? new(0, Shown, "") : throw new InvalidOperationException($"{command} was not to be run") }
        .With("run/systemd/system/keep", "").With("etc/systemd/system/keep", "");
}
