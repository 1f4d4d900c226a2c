using Osapi.Operations.Files;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Directories, links, and what is removed.</summary>
internal sealed class RandomPaths(Random random) : RandomKinds(random)
{
    private int paths;

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [Directory, Link, Delete];

    private IEnumerable<RandomTask> Directory()
    {
        var (path, state, lines) = Path();
        UpdateDirectory request = new()
        {
            Path = Once(4) ? $"{path}/below/it" : path,
            Mode = Once(2) ? null : (OctalMode)Pick("0755", "0700", "2775"),
            Owner = Once(2) ? null : (AccountName)Pick("root", "daemon", "nobody-at-all"),
            Group = Once(3) ? (AccountName)Pick("root", "daemon") : null,
            CreateParents = Once(3) ? false : null,
        };
        return [After(state, lines, FileOperations.UpdateDirectory, request)];
    }

    private IEnumerable<RandomTask> Link()
    {
        var (path, state, lines) = Path();
        UpdateLink request = new() { Path = path, Destination = Pick("here", "/etc/hostname", "nothing-there"), Force = OnceTrue(3), MissingOk = Once(3) ? false : null };
        return [After(state, lines, FileOperations.UpdateLink, request)];
    }

    private IEnumerable<RandomTask> Delete()
    {
        var (path, state, lines) = Path();
        DeletePath request = new() { Path = path, Recursive = OnceTrue(2), Only = Once(3) ? Pick(DeletedKind.File, DeletedKind.Directory, DeletedKind.Link) : null };
        return [After(state, lines, FileOperations.DeletePath, request)];
    }

    private (string Path, string State, string Lines) Path()
    {
        var path = $"{CheckPlace.Directory}/p{paths++}";
        var lines = Pick(
            "true",
            $"mkdir {path}",
            $"mkdir -m 700 {path}; chown daemon:daemon {path}",
            $"mkdir -p {path}/a/b; touch {path}/a/b/c; ln -s /etc {path}/a/out",
            $"echo text > {path}",
            $"ln -s here {path}",
            $"ln -s /etc/hostname {path}",
            $"mkdir {path}-real; ln -s {path}-real {path}",
            $"mkfifo {path}");
        return (path, lines, lines);
    }
}
