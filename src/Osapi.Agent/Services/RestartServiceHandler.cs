using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="RestartService"/> on this host.</summary>
internal static class RestartServiceHandler
{
    public static Task<ChangePlan<ServiceChange>> HandleAsync(RestartService request, Host host, CancellationToken cancellationToken) => UnitAction.PlanAsync(
        request.Name,
        new()
        {
            Verb = "restart",
            Settle = DesiredUnit.SettleOf(request.Settle),
            ResetsFailed = request.ResetFailed != false,
            SkipReason = unit => request.OnlyIfRunning == true && unit.IsStopped | unit.ActiveState == "failed" ? $"{unit.Id} does not run" : null,
            Require = unit =>
            {
                UnitRefusal.RequireStartable(unit);
                UnitRefusal.RequireStoppable(unit);
            },
        },
        host, cancellationToken);
}
