using Osapi.Operations.Runs;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read runs and their journals.</summary>
    public const string RunRead = "run:read";

    /// <summary>Start, continue and cancel runs. What a run calls needs the permissions of its operations besides.</summary>
    public const string RunWrite = "run:write";
}

public abstract partial class FamilyClients
{
    /// <summary>The runs of plans: which there are, how they ended, and what they owe.</summary>
    public RunClient Run => field ??= new(invoker);
}
