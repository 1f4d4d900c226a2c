using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Sysctl;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Sysctl;

/// <summary>Runs <see cref="DeleteSysctl"/> on this host.</summary>
internal static class DeleteSysctlHandler
{
    public static Task<ChangePlan<SysctlResult>> HandleAsync(DeleteSysctl request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(SysctlChange.Plan(host, () => Inspect(request, host)));

    private static SysctlChange Inspect(DeleteSysctl request, Host host)
    {
        SysctlChange change = new(host, request.Key, usesFile: true);
        if (change.File.IsForeign)
            throw new OperationException(ErrorType.Conflict, $"{change.File.Path} has other lines than sysctl.value.update writes for {request.Key}, and is not removed");
        if (request.Restore is not null && change.Found is null)
            throw new KernelSettings(host).Unknown(request.Key.Path);
        return change with { NewValue = request.Restore?.Value, RemovesFile = change.File.Exists };
    }
}
