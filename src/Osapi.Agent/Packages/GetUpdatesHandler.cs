using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="GetUpdates"/> on this host.</summary>
internal static class GetUpdatesHandler
{
    public static async Task<UpdateList> HandleAsync(GetUpdates request, Host host, CancellationToken cancellationToken)
    {
        var database = await DpkgDatabase.ReadAsync(host, cancellationToken);
        var all = await AptSimulation.RunAsync(host, ["--ignore-hold", "--allow-change-held-packages", "dist-upgrade"], cancellationToken);
        var upgrade = await AptSimulation.RunAsync(host, ["upgrade", "--with-new-pkgs"], cancellationToken);
        return new()
        {
            Updates =
            [
                .. from step in all.Installed
                   where step.From is not null
                   orderby step.Name, step.Architecture
                   select new PackageUpdate
                   {
                       Name = step.Name,
                       Architecture = step.Architecture,
                       CurrentVersion = step.From!,
                       NewVersion = step.To!,
                       Origin = step.Origin,
                       Security = IsSecurity(step.Origin),
                       Held = database.Packages.Any(package => package.Held && package.Name == step.Name && package.Architecture == step.Architecture),
                   },
            ],
            KeptBack = upgrade.KeptBack is { Count: > 0 } kept ? kept : null,
            IndexAge = (long?)host.IndexAge()?.TotalSeconds,
        };
    }

    // "Debian-Security:12/stable-security", "Ubuntu:24.04/noble-security"
    private static bool IsSecurity(string origin) => origin.Split(", ").Any(each => each.StartsWith("Debian-Security:", StringComparison.Ordinal) || each.EndsWith("-security", StringComparison.Ordinal));
}
