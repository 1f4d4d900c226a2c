using Osapi.Operations.Targets;

namespace Osapi.Operations;

public abstract partial class FamilyClients
{
    /// <summary>Targets: the hosts that a call would reach.</summary>
    public TargetClient Target => field ??= new(invoker);
}
