using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="GetServiceStatus"/> on this host.</summary>
internal static class GetServiceStatusHandler
{
    public static async Task<ServiceStatus> HandleAsync(GetServiceStatus request, Host host, CancellationToken cancellationToken)
    {
        var unit = await SystemdUnit.ReadAsync(host, request.Name.FullName, cancellationToken);
        // A unit whose file was removed exists as long as it runs.
        if (!unit.IsFound && unit.IsStopped)
            throw UnitRefusal.NotFound(unit);
        return new()
        {
            Name = unit.Id,
            LoadState = unit.LoadState,
            LoadError = unit.LoadError,
            ActiveState = unit.ActiveState,
            SubState = unit.SubState,
            EnabledState = unit.FileState,
            Type = unit.Type,
            Result = unit.Result,
            MainPid = unit.MainPid,
            ExecStatus = unit.ExitStatus,
            Restarts = unit.Restarts,
            Since = Since(host, unit),
            NeedDaemonReload = unit.NeedsReload,
            CanReload = unit.CanReload,
            FragmentPath = unit.Fragment,
            DropIns = NullIfEmpty(unit.DropIns),
            SourcePath = unit.Source,
            TriggeredBy = NullIfEmpty(unit.TriggeredBy),
            Description = unit.Description,
            Memory = unit.Memory,
            Tasks = unit.Tasks,
            Managed = UnitFile.IsManaged(host, unit.Fragment),
        };
    }

    // systemd prints times of day in the host's language and zone; the monotonic clock is a number, and the same as ours.
    private static DateTimeOffset? Since(Host host, SystemdUnit unit)
    {
        if (unit.StateChanged == 0)
            return null;
        var age = TimeSpan.FromSeconds((double)host.Time.GetTimestamp() / host.Time.TimestampFrequency) - TimeSpan.FromMicroseconds(unit.StateChanged);
        var since = host.Time.GetUtcNow() - age;
        return since.AddTicks(-(since.Ticks % TimeSpan.TicksPerMillisecond));
    }

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> values) => values.Count > 0 ? values : null;
}
