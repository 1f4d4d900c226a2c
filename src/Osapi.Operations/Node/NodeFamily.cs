using Osapi.Operations.Node;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read the state of hosts.</summary>
    public const string NodeRead = "node:read";
}

public abstract partial class FamilyClients
{
    /// <summary>Information about hosts and their state.</summary>
    public NodeClient Node => field ??= new(invoker);
}
