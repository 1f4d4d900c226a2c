using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

internal static partial class FileHandlers
{
    private static async Task<FileStatusResult> StatusAsync(GetFileStatus request, Host host, CancellationToken cancellationToken)
    {
        var path = request.Path.Value;
        if (DeployedFiles.Of(host).Find(path) is not { } deployed)
            return new() { Path = path, Status = "missing" };
        var found = await FindAsync(deployed, host, cancellationToken);
        var differences = found is null ? [] : Differences(deployed, found);
        return new()
        {
            Path = path,
            Status = found is null ? "missing" : differences.Count == 0 ? "in-sync" : "drifted",
            Differences = differences.Count == 0 ? null : differences,
            Sha256 = found?.Sha256,
            Mode = found is null ? null : OctalMode.Format(found.Stat.Mode),
            Owner = found is null ? null : Accounts.UserName(found.Stat.User),
            Group = found is null ? null : Accounts.GroupName(found.Stat.Group),
            ObjectName = deployed.ObjectName,
            DeployedAt = deployed.DeployedAt,
        };
    }

    private static Task<CurrentFile?> FindAsync(DeployedFile deployed, Host host, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        deployed.Path,
        () => HostErrors.NamedAsync(deployed.Path, async () =>
        {
            using var directory = OpenParent(deployed, host);
            return directory is null ? null : await CurrentFile.ReadAsync(directory, Path.GetFileName(deployed.Path), cancellationToken);
        }),
        cancellationToken);

    // The file is looked up and removed through the same links that the deployment was allowed to follow.
    private static HostDirectory? OpenParent(DeployedFile deployed, Host host) =>
        HostDirectory.Open(host, Path.GetDirectoryName(deployed.Path)!, create: false, followLinks: deployed.FollowLinks == true);

    private static IReadOnlyList<string> Differences(DeployedFile deployed, CurrentFile found)
    {
        // An account that no longer exists cannot own anything: the largest number belongs to no account (chown(2)).
        uint? user = deployed.Owner is null ? null : Accounts.FindUser(deployed.Owner) ?? uint.MaxValue;
        uint? group = deployed.Group is null ? null : Accounts.FindGroup(deployed.Group) ?? uint.MaxValue;
        return found.Differences(deployed.Sha256, deployed.Mode is null ? null : Convert.ToInt32(deployed.Mode, fromBase: 8), user, group);
    }
}
