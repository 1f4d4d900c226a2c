using Osapi.Agent.Handlers;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>The handlers of the service family.</summary>
internal static class ServiceHandlers
{
    /// <summary>The family, for its lock.</summary>
    public const string Family = "service";

    public static HandlerTable All => new()
    {
        { ServiceOperations.List, ListServicesHandler.HandleAsync },
        { ServiceOperations.Status, GetServiceStatusHandler.HandleAsync },
        { ServiceOperations.UpdateState, UpdateServiceStateHandler.HandleAsync },
        { ServiceOperations.Start, StartServiceHandler.HandleAsync },
        { ServiceOperations.Stop, StopServiceHandler.HandleAsync },
        { ServiceOperations.Enable, EnableServiceHandler.HandleAsync },
        { ServiceOperations.Disable, DisableServiceHandler.HandleAsync },
        { ServiceOperations.Restart, RestartServiceHandler.HandleAsync },
        { ServiceOperations.Reload, ReloadServiceHandler.HandleAsync },
        { ServiceOperations.UpdateUnit, UpdateUnitHandler.HandleAsync },
        { ServiceOperations.DeleteUnit, DeleteUnitHandler.HandleAsync },
    };
}
