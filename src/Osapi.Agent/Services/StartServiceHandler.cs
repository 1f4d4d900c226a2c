using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="StartService"/> on this host.</summary>
internal static class StartServiceHandler
{
    public static Task<ChangePlan<ServiceChange>> HandleAsync(StartService request, Host host, CancellationToken cancellationToken) =>
        UnitUpdate.PlanAsync(request.Name, new(Running: true) { Settle = DesiredUnit.SettleOf(request.Settle), ResetsFailed = request.ResetFailed != false }, host, cancellationToken);
}
