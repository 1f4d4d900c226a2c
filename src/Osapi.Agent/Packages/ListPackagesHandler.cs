using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="ListPackages"/> on this host.</summary>
internal static class ListPackagesHandler
{
    public static async Task<PackageList> HandleAsync(ListPackages request, Host host, CancellationToken cancellationToken)
    {
        var database = await DpkgDatabase.ReadAsync(host, cancellationToken);
        var automatic = await AptMarks.ReadAutomaticAsync(host, cancellationToken);
        return new()
        {
            Packages =
            [
                .. from package in database.Packages
                   where package.Status is not null && IsListed(package, request.State ?? PackageFilter.Installed)
                   where request.Names is not { Count: > 0 } names || names.Any(name => name.Name == package.Name && (name.Architecture is null || name.Architecture == package.Architecture))
                   orderby package.Name, package.Architecture
                   select new PackageSummary
                   {
                       Name = package.Name,
                       Architecture = package.Architecture,
                       Version = package.Version,
                       Status = package.Status!.Value,
                       Held = package.Held,
                       Automatic = automatic.Contains(database.MarkOf(package)),
                       Size = package.Size,
                       Summary = package.Summary,
                   },
            ],
        };
    }

    private static bool IsListed(InstalledPackage package, PackageFilter filter) => filter switch
    {
        PackageFilter.Installed => package.IsInstalled,
        PackageFilter.Held => package.Held,
        PackageFilter.Broken => package.IsBroken,
        PackageFilter.ConfigFiles => package.Status == PackageStatus.ConfigFiles,
        _ => true,
    };
}
