using Osapi.Agent.Handlers;
using Osapi.Operations.Http;

namespace Osapi.Agent.Http;

/// <summary>The handlers of the http family.</summary>
internal static class HttpHandlers
{
    public static HandlerTable All => new()
    {
        { HttpOperations.Check, CheckHttpHandler.HandleAsync },
    };
}
