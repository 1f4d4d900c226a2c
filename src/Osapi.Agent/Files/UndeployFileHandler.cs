using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="UndeployFile"/> on this host.</summary>
internal static class UndeployFileHandler
{
    public static async Task<ChangePlan<UndeployResult>> HandleAsync(UndeployFile request, Host host, CancellationToken cancellationToken)
    {
        var path = request.Path.Value;
        var deployed = DeployedFiles.Of(host).Find(path);
        var found = deployed is null ? null : await deployed.FindAsync(host, cancellationToken);
        if (found is not null)
            RequireRemovable(request, deployed!, found, host);
        var difference = found is { Sha256: not null } ? FileDifference.Of(host, path, found.Version, after: null, found.IsPublic) : default;
        return new()
        {
            Changes = found is not null,
            Diff = difference.Shown,
            ContentDiff = difference.Content,
            Before = found is null ? null : FileAttributesView.Of(found),
            Apply = async stop =>
            {
                if (deployed is null)
                    return new UndeployResult { Path = path, Left = HostErrors.Named(path, () => IsThere(path, host)) ? true : null };
                using var fileLock = await FileLock.AcquireAsync(path, stop);
                var changed = await RemoveAsync(request, deployed, host, found, stop);
                DeployedFiles.Of(host).Forget(path);
                return new UndeployResult { Path = path, Changed = changed };
            },
        };
    }

    private static bool IsThere(string path, Host host)
    {
        using var directory = HostDirectory.OpenParent(host, path, create: false);
        return directory?.Stat(Path.GetFileName(path)) is not null;
    }

    private static Task<bool> RemoveAsync(UndeployFile request, DeployedFile deployed, Host host, CurrentFile? planned, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        deployed.Path,
        () => HostErrors.NamedAsync(deployed.Path, async () =>
        {
            var name = Path.GetFileName(deployed.Path);
            using var directory = deployed.OpenParent(host);
            if (directory?.Stat(name) is not { } now)
                return false;
            if (now.Version != planned?.Stat.Version)
            {
                if (await CurrentFile.ReadAsync(directory, name, cancellationToken) is not { } found)
                    return false;
                RequireRemovable(request, deployed, found, host);
                now = found.Stat;
            }

            directory.Remove(name, now);
            return true;
        }),
        cancellationToken);

    private static void RequireRemovable(UndeployFile request, DeployedFile deployed, CurrentFile found, Host host)
    {
        host.RequireUserAllowed(found.Stat.User);
        if (found.Stat.Kind == FileKind.Directory)
            throw new OperationException(ErrorType.Conflict, $"{request.Path} is now a directory and is not removed");
        var differences = deployed.Differences(found);
        if (differences.Count > 0 && request.Force != true)
            throw new OperationException(ErrorType.Conflict, $"{request.Path} differs from the deployed file ({string.Join(", ", differences)}) and is not removed without force");
    }
}
