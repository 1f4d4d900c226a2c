namespace Osapi.Agent;

/// <summary>Another agent has this agent's name. Two agents of one name are never taken for one: this one does not run.</summary>
/// <param name="hostname">The name.</param>
/// <param name="ledger">The ledger of the agent that has it.</param>
/// <param name="lastHeard">When that agent was last heard of, by the store's clock.</param>
/// <param name="message">What happened, for whoever runs the agent.</param>
public sealed class NameTakenException(string hostname, string ledger, DateTimeOffset lastHeard, string message) : Exception(message)
{
    /// <summary>The name.</summary>
    public string Hostname => hostname;

    /// <summary>The ledger of the agent that has it.</summary>
    public string Ledger => ledger;

    /// <summary>When that agent was last heard of, by the store's clock.</summary>
    public DateTimeOffset LastHeard => lastHeard;
}
