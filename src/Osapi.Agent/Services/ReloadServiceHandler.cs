using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="ReloadService"/> on this host.</summary>
internal static class ReloadServiceHandler
{
    public static Task<ChangePlan<ServiceChange>> HandleAsync(ReloadService request, Host host, CancellationToken cancellationToken) => UnitAction.PlanAsync(
        request.Name,
        new() { Verb = request.OrRestart == true ? "reload-or-restart" : "reload", Require = unit => Require(request, unit) },
        host, cancellationToken);

    private static void Require(ReloadService request, SystemdUnit unit)
    {
        UnitRefusal.RequireFound(unit);
        if (request.OrRestart == true)
        {
            UnitRefusal.RequireStartable(unit);
            if (!unit.CanReload)
                UnitRefusal.RequireStoppable(unit);
        }
        else if (!unit.CanReload)
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} cannot read its configuration again (it has no ExecReload); or_restart restarts it instead");
        else if (!unit.IsActive)
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} does not run, so that it cannot be reloaded: it is {unit.ActiveState}; or_restart starts it");
    }
}
