using Osapi.Operations.Agents;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read the registered agents.</summary>
    public const string AgentRead = "agent:read";

    /// <summary>Drain, undrain, enroll and remove agents.</summary>
    public const string AgentWrite = "agent:write";
}

public abstract partial class FamilyClients
{
    /// <summary>The agents: which there are, and which are given work.</summary>
    public AgentClient Agent => field ??= new(invoker);
}
