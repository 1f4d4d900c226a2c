using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="EnableService"/> on this host.</summary>
internal static class EnableServiceHandler
{
    public static Task<ChangePlan<ServiceChange>> HandleAsync(EnableService request, Host host, CancellationToken cancellationToken) =>
        UnitUpdate.PlanAsync(request.Name, new(Enabled: true), host, cancellationToken);
}
