using Osapi.Agent.Handlers;
using Osapi.Operations.Network;

namespace Osapi.Agent.Network;

/// <summary>The handlers of the network family.</summary>
internal static partial class NetworkHandlers
{
    public static HandlerTable All => new()
    {
        { NetworkOperations.GetDns, DnsGetAsync },
        { NetworkOperations.UpdateDns, DnsUpdateAsync },
        { NetworkOperations.Ping, PingAsync },
    };
}
