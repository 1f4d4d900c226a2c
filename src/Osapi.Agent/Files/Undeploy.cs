using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Checks;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

internal static partial class FileHandlers
{
    private static async Task<Planned<UndeployResult>> UndeployAsync(UndeployFile request, Host host, CancellationToken cancellationToken)
    {
        var path = request.Path.Value;
        var deployed = DeployedFiles.Of(host).Find(path);
        var found = deployed is null ? null : await FindAsync(path, host, cancellationToken);
        if (found is not null)
            RequireRemovable(request, deployed!, found);
        return new()
        {
            Changes = found is not null,
            Diff = found is { Sha256: not null } ? ContentDiff.Of(path, found.Version, after: null) : null,
            Before = found is null ? null : FileSettings.Of(found),
            Apply = async stop =>
            {
                if (deployed is null)
                    return new UndeployResult { Path = path, Left = HostErrors.Named(path, () => IsThere(path, host)) ? true : null };
                using var held = await FileLock.HoldAsync(path, stop);
                var changed = HostErrors.Named(path, () => Remove(request, host, found));
                DeployedFiles.Of(host).Forget(path);
                return new UndeployResult { Path = path, Changed = changed };
            },
        };
    }

    private static bool IsThere(string path, Host host)
    {
        using var directory = HostDirectory.Open(host, Path.GetDirectoryName(path)!, create: false);
        return directory?.Stat(Path.GetFileName(path)) is not null;
    }

    private static bool Remove(UndeployFile request, Host host, FoundFile? planned)
    {
        var path = request.Path.Value;
        using var directory = HostDirectory.Open(host, Path.GetDirectoryName(path)!, create: false);
        if (directory?.Stat(Path.GetFileName(path)) is not { } now)
            return false;
        if (now.Version != planned?.Stat.Version)
            throw new OperationException(ErrorType.Conflict, $"{path} changed while it was being removed");
        Libc.Unlink(directory.Handle, Path.GetFileName(path));
        directory.Sync();
        return true;
    }

    private static void RequireRemovable(UndeployFile request, DeployedFile deployed, FoundFile found)
    {
        if (found.Stat.Kind == FileKind.Directory)
            throw new OperationException(ErrorType.Conflict, $"{request.Path} is a directory now and is not removed");
        var differences = Differences(deployed, found);
        if (differences.Count > 0 && request.Force != true)
            throw new OperationException(ErrorType.Conflict, $"{request.Path} is not as it was deployed ({string.Join(", ", differences)}) and is not removed without force");
    }
}
