using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="UpdateServiceState"/> on this host.</summary>
internal static class UpdateServiceStateHandler
{
    public static Task<ChangePlan<ServiceChange>> HandleAsync(UpdateServiceState request, Host host, CancellationToken cancellationToken) =>
        UnitUpdate.PlanAsync(request.Name, new(request.State is { } state ? state == DesiredServiceState.Running : null, request.Enabled, request.Masked) { Settle = DesiredUnit.SettleOf(request.Settle) }, host, cancellationToken);
}
