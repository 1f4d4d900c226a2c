using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Agent.Hosts.Services;

/// <summary>Lists the units of systemd, loaded or not.</summary>
internal static class SystemdUnits
{
    /// <summary>Lists the units that a pattern names, without a filter by state or type.</summary>
    /// <exception cref="OperationException">systemd does not answer.</exception>
    public static async Task<IReadOnlyList<ServiceSummary>> ListAsync(Host host, string? pattern, CancellationToken cancellationToken)
    {
        host.RequireSystemd();
        string[] patterns = pattern is null ? ["0"] : ["1", pattern];
        var loaded = await host.CallSystemdAsync("ListUnitsByPatterns", ["asas", "0", .. patterns], cancellationToken);
        var files = await host.CallSystemdAsync("ListUnitFilesByPatterns", ["asas", "0", .. patterns], cancellationToken);
        try
        {
            SortedDictionary<string, ServiceSummary> units = new(StringComparer.Ordinal);
            foreach (var file in files[0].EnumerateArray())
            {
                var path = file[0].GetString()!;
                var name = Path.GetFileName(path);
                units[name] = new() { Name = name, ActiveState = "inactive", EnabledState = file[1].GetString(), Managed = UnitFile.IsManaged(host, path) };
            }

            foreach (var unit in loaded[0].EnumerateArray())
                if (unit[2].GetString() is var load && (load != "not-found" || unit[3].GetString() != "inactive"))
                {
                    var name = unit[0].GetString()!;
                    units[name] = (units.GetValueOrDefault(name) ?? new() { Name = name, ActiveState = "" }) with
                    {
                        Description = unit[1].GetString(),
                        LoadState = load,
                        ActiveState = unit[3].GetString()!,
                        SubState = unit[4].GetString(),
                    };
                }

            return [.. units.Values];
        }
        catch (Exception exception) when (exception is InvalidOperationException or IndexOutOfRangeException)
        {
            throw new OperationException(ErrorType.Failed, "the list of systemd's units cannot be parsed");
        }
    }
}
