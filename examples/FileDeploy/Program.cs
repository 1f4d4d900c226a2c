using System.Text;
using Osapi.Hosting;
using Osapi.Operations.Files;
using Osapi.Orchestrator;

// Stores a template, deploys it to every host, and verifies it there. The file goes into a temporary directory.
using TemporaryDirectory directory = new();
var path = Path.Combine(directory.Path, "app.conf");
await using var system = await OsapiNode.StartAsync(new() { StateDirectory = Path.Combine(directory.Path, "state") });
using var client = system.CreateClient();

Plan plan = new(client);

var upload = plan.TaskFunc("upload-template", async (osapi, cancellationToken) =>
{
    using MemoryStream template = new(Encoding.UTF8.GetBytes("""
        # Rendered for {{ hostname }}, {{ facts.architecture }}
        address = {{ vars.listen_address }}
        workers = {{ facts.cpu_count }}

        """));
    var stored = await osapi.File.UploadAsync("app.conf.tmpl", template, FileContentType.Template, cancellationToken: cancellationToken);
    return new Result { Changed = stored.Changed };
});

var deploy = plan.Task("deploy-config", FileOperations.Deploy, "_all", new()
{
    ObjectName = "app.conf.tmpl",
    Path = path,
    ContentType = FileContentType.Template,
    Mode = "0640",
    Vars = new() { ["listen_address"] = "0.0.0.0" },
}).DependsOn(upload);

var verify = plan.Task("verify-status", FileOperations.Status, "_all", new() { Path = path }).DependsOn(deploy);

var report = await plan.RunAsync();
foreach (var host in report.Get(verify)?.Hosts ?? [])
    Console.WriteLine($"{host.Hostname}: {host.Result?.Status}");
Console.WriteLine(File.ReadAllText(path));
Console.WriteLine(report.Summary());

// The second deployment writes nothing.
var again = await plan.RunAsync();
Console.WriteLine(again.Summary());
return report.Succeeded && again.Succeeded && !again.Tasks.Any(task => task.Changed) ? 0 : 1;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("osapi-file-deploy-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
