using System.Text;
using Osapi.Operations.Files;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Files that are stored, deployed and undeployed.</summary>
internal sealed class RandomDeployments(Random random) : RandomKinds(random)
{
    private static readonly string[] Texts = ["one = 1\n", "one = 1\ntwo = 2\n", "three\n"];

    private int files;

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [Deploy, Deploy, StoreAndDeploy, StoreAndDeploy, () => [Upload("o-alone", out _)], Undeploy];

    private IEnumerable<RandomTask> StoreAndDeploy()
    {
        var name = $"o{files}";
        var upload = Upload(name, out var type);
        return [upload, Deploy(name, type, "what was stored before", static _ => Task.CompletedTask)];
    }

    private IEnumerable<RandomTask> Deploy()
    {
        var name = $"o{files}";
        var type = Type();
        var stored = Once(8) ? null : Content(type);
        return [Deploy(name, type, $"{name} is {Shown(stored)}", place => place.StoreAsync(name, stored, type))];
    }

    private RandomTask Deploy(string name, FileContentType type, string stored, Func<CheckPlace, Task> store)
    {
        var (path, state, prepare) = File();
        DeployFile request = new()
        {
            ObjectName = name,
            Path = path,
            ContentType = type,
            Mode = Once(2) ? null : (OctalMode)Mode(),
            Owner = Once(3) ? (AccountName)Pick("root", "daemon", "nobody-at-all") : null,
            CreateParents = OnceTrue(2),
            Backup = OnceTrue(4),
            Vars = type == FileContentType.Template && !Once(8) ? new() { ["port"] = Random.Next(2) } : null,
        };
        return RandomTask.OnHost($"{path} is {state}, {stored}", FileOperations.Deploy, request, async place =>
        {
            await prepare(place);
            await store(place);
        });
    }

    private RandomTask Upload(string name, out FileContentType type)
    {
        var wanted = type = Type();
        var stored = Once(2) ? null : Content(type);
        var content = Once(3) && stored is not null ? stored : Content(type);
        UploadFile request = new() { Name = name, Path = LocalFile.Of(new MemoryStream(Encoding.UTF8.GetBytes(content))), ContentType = type, Force = Once(3) ? null : true };
        return RandomTask.OnController($"{name} is {Shown(stored)}, given {Shown(content)}", FileOperations.Upload, request, place => place.StoreAsync(name, stored, wanted));
    }

    private IEnumerable<RandomTask> Undeploy()
    {
        var (path, state, prepare) = File();
        return [RandomTask.OnHost($"{path} is {state}", FileOperations.Undeploy, new() { Path = path, Force = OnceTrue(3) }, prepare)];
    }

    private (string Path, string State, Func<CheckPlace, Task> Prepare) File()
    {
        var path = $"{CheckPlace.Directory}/f{files++}";
        var (text, mode) = (Pick<string>(Texts), Mode());
        return Random.Next(8) switch
        {
            0 or 1 => (path, "missing", static _ => Task.CompletedTask),
            2 => (path, $"{Shown(text)} {mode}", place => place.ShellAsync($"{Written(path, text)}; chmod {mode} {path}")),
            3 => (path, $"deployed {Shown(text)}", place => place.DeployAsync(path, text)),
            4 => (path, $"deployed {Shown(text)}, then {mode}", place => DriftAsync(place, path, text, $"chmod {mode} {path}")),
            5 => (path, "deployed, then edited", place => DriftAsync(place, path, text, $"echo by hand >> {path}")),
            6 => (path, "a directory", place => place.ShellAsync($"mkdir {path}")),
            _ => ($"{path}.d/conf", "in a missing directory", static _ => Task.CompletedTask),
        };
    }

    private static async Task DriftAsync(CheckPlace place, string path, string text, string lines)
    {
        await place.DeployAsync(path, text);
        await place.ShellAsync(lines);
    }

    private string Mode() => Pick("0644", "0600", "0755");

    private FileContentType Type() => Once(2) ? FileContentType.Raw : FileContentType.Template;

    private string Content(FileContentType type) => Pick<string>(Texts) + (type == FileContentType.Template && Once(2) ? "port = {{ vars.port }}\nname = {{ facts.hostname }}\n" : "");
}
