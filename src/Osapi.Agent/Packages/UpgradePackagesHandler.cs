using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="UpgradePackages"/> on this host.</summary>
internal static class UpgradePackagesHandler
{
    public static Task<ChangePlan<PackageResult>> HandleAsync(UpgradePackages request, Host host, CancellationToken cancellationToken) =>
        new PackageTransactions(host, request, [.. (request.Only ?? []).Select(name => name.Name)], (database, _, stop) => PlanAsync(request, host, database, stop)).PlanAsync(cancellationToken);

    private static async Task<PackagePlan> PlanAsync(UpgradePackages request, Host host, DpkgDatabase database, CancellationToken cancellationToken)
    {
        if (request.Only is not null)
            return await PlanOnlyAsync(request.Only, host, database, cancellationToken);
        IReadOnlyList<string> action = request.Mode == UpgradeMode.Full ? ["dist-upgrade"] : ["upgrade", "--with-new-pkgs"];
        var simulation = await AptSimulation.RunAsync(host, action, cancellationToken);
        return new() { Action = simulation.HasChanges ? action : null, Simulation = simulation, Note = KeptBack(simulation.KeptBack) };
    }

    private static async Task<PackagePlan> PlanOnlyAsync(IReadOnlyList<PackageName> only, Host host, DpkgDatabase database, CancellationToken cancellationToken)
    {
        var packages = only.Select(name => database.Find(name) is { IsThere: true } package
            ? package
            : throw new OperationException(ErrorType.NotFound, $"{name} is not installed on this host")).ToList();
        var held = packages.Where(package => package.Held).Select(package => package.Name).ToList();
        IReadOnlyList<string> names = [.. packages.Where(package => !package.Held).Select(database.MarkOf)];
        if (names.Count == 0)
            return new() { Note = KeptBack(held) };
        IReadOnlyList<string> action = ["--no-remove", "install", "--only-upgrade", "--", .. names];
        var simulation = await AptSimulation.RunAsync(host, action, cancellationToken);
        // What is named to apt-get install counts as wanted from then on.
        var automatic = await AptMarks.ReadAutomaticAsync(host, cancellationToken);
        return new()
        {
            Action = simulation.HasChanges ? action : null,
            Simulation = simulation,
            Automatic = simulation.HasChanges ? [.. names.Where(automatic.Contains)] : [],
            Note = KeptBack([.. held, .. simulation.KeptBack]),
        };
    }

    private static string? KeptBack(IReadOnlyList<string> names) => names.Count > 0 ? $"kept back: {string.Join(", ", names)}" : null;
}
