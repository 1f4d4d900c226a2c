using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="InstallPackages"/> on this host.</summary>
internal static class InstallPackagesHandler
{
    public static Task<ChangePlan<PackageResult>> HandleAsync(InstallPackages request, Host host, CancellationToken cancellationToken) =>
        new PackageTransactions(host, request, [.. request.Names.Select(name => name.Package.Name)], (database, mayRefresh, stop) => PlanAsync(request, host, database, mayRefresh, stop)).PlanAsync(cancellationToken);

    private static async Task<PackagePlan> PlanAsync(InstallPackages request, Host host, DpkgDatabase database, bool mayRefresh, CancellationToken cancellationToken)
    {
        var installed = request.Names.Where(name => IsInstalled(name, database)).ToList();
        var automatic = installed.Count > 0 ? await AptMarks.ReadAutomaticAsync(host, cancellationToken) : new HashSet<string>();
        PackagePlan plan = new() { Manual = [.. installed.Select(name => database.MarkOf(database.Find(name.Package)!)).Where(automatic.Contains)] };
        var wanted = request.State == PackageState.Latest ? request.Names : [.. request.Names.Except(installed)];
        if (wanted.Count == 0)
            return plan;
        if (mayRefresh && request.RefreshOlderThan is { } seconds && (host.IndexAge() is not { } age || age.TotalSeconds >= seconds))
            return plan with { RefreshesFirst = true };

        var (arguments, notes) = await new PackageChoice(host, database).ChooseAsync(wanted, cancellationToken);
        if (arguments.Count == 0)
            return plan with { Note = Join(notes) };
        IReadOnlyList<string> options =
        [
            .. request.Recommends is { } recommends ? (string[])[recommends ? "--install-recommends" : "--no-install-recommends"] : [],
            .. request.AllowDowngrade == true ? (string[])["--allow-downgrades"] : [],
            .. request.AllowHeld == true ? (string[])["--allow-change-held-packages"] : [],
        ];
        var simulation = await AptSimulation.RunAsync(host, [.. options, "install", "--", .. arguments], cancellationToken);
        if (request.AllowRemovals != true && simulation.Removed.Count > 0)
            throw new OperationException(ErrorType.Conflict, $"other packages would be removed: {string.Join(", ", simulation.Removed.Select(step => step.Name))} (allow_removals allows it)");
        return plan with
        {
            // An incomplete package has no line in the simulation but the one that configures it.
            Action = simulation.HasChanges || wanted.Any(name => database.Find(name.Package) is { IsBroken: true })
                ? [.. options, .. request.AllowRemovals == true ? (string[])[] : ["--no-remove"], "install", "--", .. arguments]
                : null,
            Simulation = simulation,
            Note = Join(notes),
        };
    }

    private static bool IsInstalled(PackageSelector name, DpkgDatabase database) => database.Find(name.Package) is { IsInstalled: true, NeedsReinstall: false } package && name.Allows(package.Version);

    private static string? Join(IReadOnlyList<string> notes) => notes.Count > 0 ? string.Join("; ", notes) : null;
}
