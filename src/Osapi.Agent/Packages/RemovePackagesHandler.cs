using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="RemovePackages"/> on this host.</summary>
internal static class RemovePackagesHandler
{
    public static Task<ChangePlan<PackageResult>> HandleAsync(RemovePackages request, Host host, CancellationToken cancellationToken) =>
        new PackageTransactions(host, request, [.. request.Names.Select(name => name.Name)], (database, _, stop) => PlanAsync(request, host, database, stop)).PlanAsync(cancellationToken);

    private static async Task<PackagePlan> PlanAsync(RemovePackages request, Host host, DpkgDatabase database, CancellationToken cancellationToken)
    {
        var packages = request.Names.Select(database.Find).OfType<InstalledPackage>()
            .Where(package => package.IsThere || (request.Purge == true && package.Status == PackageStatus.ConfigFiles)).ToList();
        if (packages.Count == 0)
            return new();
        IReadOnlyList<string> options = request.AllowHeld == true ? ["--allow-change-held-packages"] : [];
        IReadOnlyList<string> arguments = [.. packages.Select(database.MarkOf)];
        var action = request.Purge == true ? "purge" : "remove";
        // Without the dependencies that nobody needs any more: those are not dependents.
        var simulation = await AptSimulation.RunAsync(host, [.. options, action, "--", .. arguments], cancellationToken);
        var others = simulation.Removed.Select(step => step.Name).Except(packages.Select(package => package.Name)).ToList();
        if (request.AllowDependents != true && others.Count > 0)
            throw new OperationException(ErrorType.Conflict, $"other packages depend on them and would be removed: {string.Join(", ", others)} (allow_dependents allows it)");
        if (request.Autoremove == true)
        {
            options = [.. options, "--auto-remove"];
            simulation = await AptSimulation.RunAsync(host, [.. options, action, "--", .. arguments], cancellationToken);
        }

        return new() { Action = [.. options, action, "--", .. arguments], Simulation = simulation };
    }
}
