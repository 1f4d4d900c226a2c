using Osapi.Operations.Reviews;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Sign saved plans, and verify their signatures.</summary>
    public const string ReviewWrite = "review:write";
}

public abstract partial class FamilyClients
{
    /// <summary>Reviews: the signatures of saved plans.</summary>
    public ReviewClient Review => field ??= new(invoker);
}
