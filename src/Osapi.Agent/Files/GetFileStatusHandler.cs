using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="GetFileStatus"/> on this host.</summary>
internal static class GetFileStatusHandler
{
    public static async Task<FileStatusResult> HandleAsync(GetFileStatus request, Host host, CancellationToken cancellationToken)
    {
        var path = request.Path.Value;
        if (DeployedFiles.Of(host).Find(path) is not { } deployed)
            return new() { Path = path, Status = "missing" };
        var found = await deployed.FindAsync(host, cancellationToken);
        var differences = found is null ? [] : deployed.Differences(found);
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
}
