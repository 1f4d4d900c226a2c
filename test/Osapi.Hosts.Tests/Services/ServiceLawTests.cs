using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Services;

/// <summary>
/// Tests of the rules of every idempotent service operation: it changes once, then nothing, then what drifted; a check predicts each,
/// and writes nothing.
/// </summary>
[Collection("hosts, one class after the other")]
public sealed class ServiceLawTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private static readonly UpdateUnit Unit = new() { Name = "law", Content = ServiceFixture.Installed };

    [Fact]
    public void Every_idempotent_operation_of_the_family_is_tested_here()
    {
        string[] tested = ["service.disable.execute", "service.enable.execute", "service.start.execute", "service.state.update", "service.stop.execute", "service.unit.delete", "service.unit.update"];

        Assert.Equal(tested, OperationCatalog.Default.Where(operation => operation is { Family: "service", Idempotency: Idempotency.Idempotent }).Select(operation => operation.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public Task State() => LawAsync(
        ServiceOperations.UpdateState, new() { Name = "law", State = DesiredServiceState.Running, Enabled = true, Masked = false, Settle = 0 }, "systemctl disable --now law");

    [Fact]
    public Task Start() => LawAsync(ServiceOperations.Start, new() { Name = "law", Settle = 0 }, "systemctl stop law");

    [Fact]
    public Task Stop() => LawAsync(ServiceOperations.Stop, new() { Name = "law" }, "systemctl start law");

    [Fact]
    public Task Enable() => LawAsync(ServiceOperations.Enable, new() { Name = "law" }, "systemctl disable law");

    [Fact]
    public Task Disable() => LawAsync(ServiceOperations.Disable, new() { Name = "law" }, "systemctl enable law");

    [Fact]
    public Task Update() => LawAsync(ServiceOperations.UpdateUnit, Unit, "printf '%s\\n' '# Written by osapi for service.unit.update. Changes made by hand are overwritten.' > /etc/systemd/system/law.service; systemctl daemon-reload");

    [Fact]
    public async Task Delete()
    {
        var host = await booted.GetAsync();
        for (var times = 0; times < 2; times++)
        {
            await host.ResultAsync(ServiceOperations.UpdateUnit, Unit);
            await host.MustAsync("systemctl", "enable", "--now", "law");
            await host.StepAsync(ServiceOperations.DeleteUnit, new() { Name = "law" }, "law", changes: true);
            await host.StepAsync(ServiceOperations.DeleteUnit, new() { Name = "law" }, "law", changes: false);
        }
    }

    private async Task LawAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request, string drift)
        where TRequest : notnull
        where TResult : notnull
    {
        var host = await booted.GetAsync();
        await host.ResultAsync(ServiceOperations.UpdateUnit, Unit);
        for (var times = 0; times < 2; times++)
        {
            await host.MustAsync("sh", "-c", drift);
            await host.StepAsync(operation, request, "law", changes: true);
            await host.StepAsync(operation, request, "law", changes: false);
        }
    }
}
