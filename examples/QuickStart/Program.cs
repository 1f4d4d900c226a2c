using Osapi.Hosting;
using Osapi.Operations.Node;
using Osapi.Orchestrator;

// A system inside this program, so that nothing needs to run beforehand. To use a remote controller, replace it with new
// OsapiClient("https://controller:8080", token).
using TemporaryDirectory directory = new();
await using var system = await OsapiNode.StartAsync(new() { StateDirectory = directory.Path });
using var client = system.CreateClient();

Plan plan = new(client, new PlanOptions
{
    Hooks = new Hooks
    {
        BeforeTask = task => Console.WriteLine($"  running    {task.Name}"),
        AfterTask = (task, result) => Console.WriteLine($"  {result.Status.ToText(),-9}  {task.Name}"),
    },
});

// A task is any function of yours ...
var health = plan.TaskFunc("check-health", async (osapi, cancellationToken) =>
{
    await osapi.Health.LivenessAsync(cancellationToken: cancellationToken);
    return new Result { Changed = false };
});

// ... or a typed operation, without any code of yours.
var hostname = plan.Task("get-hostname", NodeOperations.Hostname, "_any").DependsOn(health);
plan.Task("get-disk", NodeOperations.Disk, "_any").DependsOn(hostname);
plan.Task("get-memory", NodeOperations.Memory, "_any").DependsOn(hostname);
plan.Task("get-load", NodeOperations.Load, "_any").DependsOn(hostname);

var report = await plan.RunAsync();

foreach (var host in report.Get(hostname)?.Hosts ?? [])
    Console.WriteLine($"{host.Hostname} calls itself {host.Result?.OsHostname}");
Console.WriteLine(report.Summary());
return report.Succeeded ? 0 : 1;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("osapi-quickstart-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
