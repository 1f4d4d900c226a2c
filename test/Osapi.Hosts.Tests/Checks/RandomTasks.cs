using System.Text;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;
using Osapi.Operations.Network;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>
/// Random tasks of the idempotent operations, each with a random state of what it is about. A plan has at most one task about a thing, except
/// that it deploys what it stores: two changes of the same thing have no prediction, as docs/checks.md says.
/// </summary>
internal sealed class RandomTasks(Random random)
{
    private static readonly string[] Texts = ["one = 1\n", "one = 1\ntwo = 2\n", "three\n"];
    private static readonly string[] Modes = ["0644", "0600", "0755"];

    private int files;

    /// <summary>Makes the tasks of a plan, 1 to 5, in order.</summary>
    public IReadOnlyList<RandomTask> Plan()
    {
        List<Func<IEnumerable<RandomTask>>> kinds = [Deploy, Deploy, StoreAndDeploy, StoreAndDeploy, () => [Upload("o-alone", out _)], Undeploy, Dns, Container, Pull, Cancel, Drain];
        List<RandomTask> tasks = [];
        var count = random.Next(1, 6);
        while (tasks.Count < count)
        {
            var kind = random.Next(kinds.Count);
            tasks.AddRange(kinds[kind]());
            kinds.RemoveAt(kind);
        }

        return tasks;
    }

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
        var stored = random.Next(8) == 0 ? null : Content(type);
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
            Mode = random.Next(2) == 0 ? null : (OctalMode)Pick(Modes),
            Owner = random.Next(3) == 0 ? (AccountName)Pick(["root", "daemon", "nobody-at-all"]) : null,
            CreateParents = random.Next(2) == 0 ? true : null,
            Backup = random.Next(4) == 0 ? true : null,
            Vars = type == FileContentType.Template && random.Next(8) > 0 ? new() { ["port"] = random.Next(2) } : null,
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
        var stored = random.Next(2) == 0 ? null : Content(type);
        var content = random.Next(3) == 0 && stored is not null ? stored : Content(type);
        UploadFile request = new() { Name = name, Path = LocalFile.Of(new MemoryStream(Encoding.UTF8.GetBytes(content))), ContentType = type, Force = random.Next(3) == 0 ? null : true };
        return RandomTask.OnController($"{name} is {Shown(stored)}, given {Shown(content)}", FileOperations.Upload, request, place => place.StoreAsync(name, stored, wanted));
    }

    private IEnumerable<RandomTask> Undeploy()
    {
        var (path, state, prepare) = File();
        return [RandomTask.OnHost($"{path} is {state}", FileOperations.Undeploy, new() { Path = path, Force = random.Next(3) == 0 ? true : null }, prepare)];
    }

    private (string Path, string State, Func<CheckPlace, Task> Prepare) File()
    {
        var path = $"{CheckPlace.Directory}/f{files++}";
        var (text, mode) = (Pick(Texts), Pick(Modes));
        return random.Next(8) switch
        {
            0 or 1 => (path, "missing", static _ => Task.CompletedTask),
            2 => (path, $"{Shown(text)} {mode}", place => place.ShellAsync($"printf '{text.Replace("\n", "\\n", StringComparison.Ordinal)}' > {path}; chmod {mode} {path}")),
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

    private IEnumerable<RandomTask> Dns()
    {
        string[] states = [$"nameserver {TestNetwork.FirstServer}", $"nameserver {TestNetwork.SecondServer}", $"nameserver {TestNetwork.FirstServer}\\nsearch lab.test"];
        var state = Pick(states);
        UpdateDns request = new()
        {
            InterfaceName = random.Next(10) == 0 ? "eth7" : "eth0",
            Servers = random.Next(3) == 0 ? null : [Pick([TestNetwork.FirstServer, TestNetwork.SecondServer])],
            SearchDomains = random.Next(2) == 0 ? ["lab.test"] : [],
        };
        return [RandomTask.OnHost($"resolv.conf is {state}", NetworkOperations.UpdateDns, request, place => place.ShellAsync($"printf '{state}\\n' > /etc/resolv.conf"))];
    }

    private IEnumerable<RandomTask> Container()
    {
        var state = Pick(["running", "stopped", "absent"]);
        var prepare = (CheckPlace place) => place.ShellAsync(state switch
        {
            "running" => "docker start web > /dev/null 2>&1 || docker run -d --name web registry.example.com/web:1.4 > /dev/null",
            "stopped" => "docker stop -t 1 web > /dev/null 2>&1 || docker create --name web registry.example.com/web:1.4 > /dev/null",
            _ => "docker rm -f web > /dev/null 2>&1 || true",
        });
        return [random.Next(2) == 0
            ? RandomTask.OnHost($"web is {state}", DockerOperations.Start, new() { Id = "web" }, prepare)
            : RandomTask.OnHost($"web is {state}", DockerOperations.Stop, new() { Id = "web", Timeout = 1 }, prepare)];
    }

    private IEnumerable<RandomTask> Pull()
    {
        var state = Pick(["absent", "present", "another"]);
        var image = random.Next(6) == 0 ? "localhost:5000/none:1" : CheckPlace.Image;
        return [RandomTask.OnHost($"{CheckPlace.Image} is {state}", DockerOperations.Pull, new() { Image = image }, place => place.ShellAsync(state switch
        {
            "absent" => $"docker rmi --force {CheckPlace.Image} > /dev/null 2>&1 || true",
            "present" => $"docker pull -q {CheckPlace.Image} > /dev/null",
            _ => $"docker tag localhost/osapi/busybox:1 {CheckPlace.Image}",
        }))];
    }

    private IEnumerable<RandomTask> Cancel()
    {
        var (state, id) = (Pick(["running", "ended", "unknown"]), JobId.New());
        return [new($"job.cancel when the job is {state}", async place => id = state == "unknown" ? id : await place.StartJobAsync(state == "running"), (plan, name) => plan.Task(name, JobOperations.Cancel, new() { Id = id }))];
    }

    private IEnumerable<RandomTask> Drain()
    {
        var isDrained = random.Next(4) == 0;
        var name = random.Next(8) == 0 ? "web-77" : CheckPlace.Agent;
        var state = isDrained ? "drained" : "not drained";
        var prepare = (CheckPlace place) => isDrained ? place.DrainAsync() : Task.CompletedTask;
        var task = random.Next(2) == 0
            ? RandomTask.OnController(state, AgentOperations.Drain, new() { Name = name }, prepare)
            : RandomTask.OnController(state, AgentOperations.Undrain, new() { Name = name }, prepare);
        return [task with { PreparesLast = true }];
    }

    private FileContentType Type() => random.Next(2) == 0 ? FileContentType.Raw : FileContentType.Template;

    private string Content(FileContentType type) => Pick(Texts) + (type == FileContentType.Template && random.Next(2) == 0 ? "port = {{ vars.port }}\nname = {{ facts.hostname }}\n" : "");

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private static string Shown(string? text) => text is null ? "missing" : $"'{text.Replace("\n", "\\n", StringComparison.Ordinal)}'";
}
