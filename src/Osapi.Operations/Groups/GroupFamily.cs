using Osapi.Operations.Groups;

namespace Osapi.Operations;

public abstract partial class FamilyClients
{
    /// <summary>Groups of hosts and their members.</summary>
    public GroupClient Group => field ??= new(invoker);
}
