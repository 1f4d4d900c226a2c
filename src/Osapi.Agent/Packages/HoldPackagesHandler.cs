using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="HoldPackages"/> on this host.</summary>
internal static class HoldPackagesHandler
{
    public static async Task<ChangePlan<HoldResult>> HandleAsync(HoldPackages request, Host host, CancellationToken cancellationToken)
    {
        var names = await InspectAsync(request, host, cancellationToken);
        return new()
        {
            Changes = names.Count > 0,
            Before = View(names, !request.Held),
            After = View(names, request.Held),
            Apply = async stop =>
            {
                if (names.Count == 0)
                    return new HoldResult();
                using var session = await PackageSession.BeginAsync(host, DpkgLocks.OfPackages, lockTimeout: null, stop);
                var changed = await InspectAsync(request, host, stop);
                host.CommitPoint.Pass("apt-mark", stop);
                await AptMarks.SetAsync(host, request.Held ? "hold" : "unhold", changed);
                return new HoldResult { Changed = changed.Count > 0, Names = changed.Count > 0 ? changed : null };
            },
        };
    }

    private static async Task<IReadOnlyList<string>> InspectAsync(HoldPackages request, Host host, CancellationToken cancellationToken)
    {
        var database = await DpkgDatabase.ReadAsync(host, cancellationToken);
        List<string> names = [];
        foreach (var name in request.Names)
            if (database.Find(name) is { IsThere: true } package)
            {
                if (package.Held != request.Held)
                    names.Add(database.MarkOf(package));
            }
            else if (request.Held)
            {
                throw new OperationException(ErrorType.NotFound, $"{name} is not installed on this host");
            }

        return names;
    }

    private static JsonElement? View(IReadOnlyList<string> names, bool held)
    {
        if (names.Count == 0)
            return null;
        JsonObject view = [];
        foreach (var name in names)
            view[name] = held;
        return JsonElement.Parse(view.ToJsonString());
    }
}
