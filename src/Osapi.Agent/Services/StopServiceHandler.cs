using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="StopService"/> on this host.</summary>
internal static class StopServiceHandler
{
    public static Task<ChangePlan<ServiceChange>> HandleAsync(StopService request, Host host, CancellationToken cancellationToken) =>
        UnitUpdate.PlanAsync(request.Name, new(Running: false), host, cancellationToken);
}
