using Osapi.Agent.Handlers;
using Osapi.Operations.Network;

namespace Osapi.Agent.Network;

/// <summary>The handlers of the network family.</summary>
internal static class NetworkHandlers
{
    public static HandlerTable All => new()
    {
        { NetworkOperations.GetDns, GetDnsHandler.HandleAsync },
        { NetworkOperations.UpdateDns, UpdateDnsHandler.HandleAsync },
        { NetworkOperations.Ping, PingHostHandler.HandleAsync },
    };
}
