using Osapi.Operations.Waits;

namespace Osapi.Operations;

public abstract partial class FamilyClients
{
    /// <summary>Waiting on hosts for ports and paths.</summary>
    public WaitClient Wait => field ??= new(invoker);
}
