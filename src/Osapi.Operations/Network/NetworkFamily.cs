using Osapi.Operations.Network;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read network settings.</summary>
    public const string NetworkRead = "network:read";

    /// <summary>Change network settings, and send pings.</summary>
    public const string NetworkWrite = "network:write";
}

public abstract partial class FamilyClients
{
    /// <summary>The hosts' networks: DNS settings, and what can be reached.</summary>
    public NetworkClient Network => field ??= new(invoker);
}
