using Osapi.Agent.Handlers;
using Osapi.Operations.Waits;

namespace Osapi.Agent.Waits;

/// <summary>The handlers of the wait family.</summary>
internal static class WaitHandlers
{
    public static HandlerTable All => new()
    {
        { WaitOperations.Port, WaitForPortHandler.HandleAsync },
        { WaitOperations.Path, WaitForPathHandler.HandleAsync },
    };
}
