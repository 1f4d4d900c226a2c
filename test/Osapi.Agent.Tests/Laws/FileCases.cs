using Osapi.Agent.Hosts;
using Osapi.Agent.Tests.Files;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Laws;

/// <summary>A template that is deployed with all options.</summary>
internal sealed class DeployCase : FileCase
{
    public override Operation Operation => FileOperations.Deploy;

    protected override object Request => Deployment with { CreateParents = true, Backup = true };

    public override Task PrepareAsync() => OpenAsync();

    public override Task DriftAsync()
    {
        File.AppendAllText(Room.PathOf("etc/app.conf"), "# by hand\n");
        return Task.CompletedTask;
    }
}

/// <summary>A deployed file that is removed; after another deployment it can be removed again.</summary>
internal sealed class UndeployCase : FileCase
{
    public override Operation Operation => FileOperations.Undeploy;

    protected override object Request => new UndeployFile { Path = Room.PathOf("etc/app.conf") };

    public override async Task PrepareAsync()
    {
        await OpenAsync();
        await DriftAsync();
    }

    public override async Task DriftAsync() => Assert.True((await RunAsync(FileOperations.Deploy, Deployment with { CreateParents = true }, check: false)).Changed);
}

internal abstract class FileCase : IdempotentCase
{
    private FileFixture? fixture;

    public override IReadOnlyList<string> Directories => [Room.Tree, Room.State];

    protected FileFixture Room => fixture!;

    protected DeployFile Deployment => new()
    {
        ObjectName = "app.conf.tmpl",
        Path = Room.PathOf("etc/app.conf"),
        ContentType = FileContentType.Template,
        Mode = "0640",
        Vars = new() { ["port"] = 8080 },
    };

    protected override Host Host => Room.Host;

    public override ValueTask DisposeAsync() => fixture?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected async Task OpenAsync()
    {
        fixture = await FileFixture.OpenAsync();
        await Room.StoreAsync("app.conf.tmpl", "port = {{ vars.port }}\n");
        // The agent's state directory, so that the watch has something to watch.
        Directory.CreateDirectory(Room.State);
    }
}
