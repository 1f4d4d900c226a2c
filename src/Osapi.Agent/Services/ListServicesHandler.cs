using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations.Json;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="ListServices"/> on this host.</summary>
internal static class ListServicesHandler
{
    public static async Task<ServiceList> HandleAsync(ListServices request, Host host, CancellationToken cancellationToken)
    {
        var type = request.Type ?? UnitKind.Service;
        var suffix = type == UnitKind.All ? "" : "." + SnakeCaseName.Of(type);
        var state = request.State is { } wanted ? SnakeCaseName.Of(wanted) : null;
        var units = await SystemdUnits.ListAsync(host, Pattern(request, suffix), cancellationToken);
        List<ServiceSummary> services = [.. units.Where(unit => unit.Name.EndsWith(suffix, StringComparison.Ordinal) && (state is null || unit.ActiveState == state))];
        return new() { Services = services, Total = services.Count };
    }

    // A name without a type is that of a service, as in all operations of the family; a pattern says by itself where it ends.
    private static string? Pattern(ListServices request, string suffix) => request.Pattern?.Value switch
    {
        null when suffix.Length > 0 => "*" + suffix,
        { } name when name.AsSpan().IndexOfAny("*?[") < 0 && !name.Contains('.', StringComparison.Ordinal) => name + suffix,
        var pattern => pattern,
    };
}
