using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Sysctl;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Sysctl;

/// <summary>Runs <see cref="UpdateSysctl"/> on this host.</summary>
internal static class UpdateSysctlHandler
{
    public static Task<ChangePlan<SysctlResult>> HandleAsync(UpdateSysctl request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(SysctlChange.Plan(host, () => Inspect(request, host)));

    private static SysctlChange Inspect(UpdateSysctl request, Host host)
    {
        var value = request.Value.Value;
        SysctlChange change = new(host, request.Key, usesFile: request.Persistent != false);
        if (change.Found is null && request.IgnoreUnknown != true)
            throw new KernelSettings(host).Unknown(request.Key.Path);
        if (request.Persistent != false)
        {
            RequireOwn(request, change);
            RequireLast(request, change, value);
        }

        return change with
        {
            NewValue = change.Found is not null && request.Runtime != false ? value : null,
            NewFileValue = request.Persistent != false ? value : null,
        };
    }

    private static void RequireOwn(UpdateSysctl request, SysctlChange change)
    {
        if (change.File.IsForeign && request.Force != true)
            throw new OperationException(ErrorType.Conflict, $"{change.File.Path} has other lines than sysctl.value.update writes for {request.Key}, and is not replaced without force");
    }

    // The value would not be the one after the next boot.
    private static void RequireLast(UpdateSysctl request, SysctlChange change, string value)
    {
        if (request.Force != true && change.View.OverrideOf(change.File, value) is { } later)
            throw new OperationException(ErrorType.Conflict, $"{later} sets {request.Key} to another value at boot, after {change.File.Path}: change it there, or set force");
    }
}
