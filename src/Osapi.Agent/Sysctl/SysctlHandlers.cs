using Osapi.Agent.Handlers;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Sysctl;

/// <summary>The handlers of the sysctl family.</summary>
internal static class SysctlHandlers
{
    public static HandlerTable All => new()
    {
        { SysctlOperations.List, ListSysctlsHandler.HandleAsync },
        { SysctlOperations.Get, GetSysctlHandler.HandleAsync },
        { SysctlOperations.Update, UpdateSysctlHandler.HandleAsync },
        { SysctlOperations.Delete, DeleteSysctlHandler.HandleAsync },
    };
}
