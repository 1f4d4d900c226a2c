using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="DisableService"/> on this host.</summary>
internal static class DisableServiceHandler
{
    public static Task<ChangePlan<ServiceChange>> HandleAsync(DisableService request, Host host, CancellationToken cancellationToken) =>
        UnitUpdate.PlanAsync(request.Name, new(Enabled: false), host, cancellationToken);
}
