using Osapi.Operations.Reviews;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Seal saved plans, and verify their seals.</summary>
    public const string ReviewWrite = "review:write";
}

public abstract partial class FamilyClients
{
    /// <summary>Reviews: the seals of saved plans.</summary>
    public ReviewClient Review => field ??= new(invoker);
}
