using Osapi.Operations.Jobs;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read jobs and their results.</summary>
    public const string JobRead = "job:read";

    /// <summary>Cancel, retry and delete jobs.</summary>
    public const string JobWrite = "job:write";
}

public abstract partial class FamilyClients
{
    /// <summary>The calls that became jobs.</summary>
    public JobClient Job => field ??= new(invoker);
}
