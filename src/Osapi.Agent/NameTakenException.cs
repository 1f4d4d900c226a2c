namespace Osapi.Agent;

/// <summary>The exception for a name that another agent owns. Two agents never share a name, so this one does not run.</summary>
/// <param name="hostname">The name.</param>
/// <param name="ledger">The id of the ledger of the agent that owns it.</param>
/// <param name="lastHeard">The time of that agent's last sign of life, by the store's clock.</param>
/// <param name="message">The message for the operator.</param>
public sealed class NameTakenException(string hostname, string ledger, DateTimeOffset lastHeard, string message) : Exception(message)
{
    /// <summary>The name.</summary>
    public string Hostname => hostname;

    /// <summary>The id of the ledger of the agent that owns it.</summary>
    public string Ledger => ledger;

    /// <summary>The time of that agent's last sign of life, by the store's clock.</summary>
    public DateTimeOffset LastHeard => lastHeard;
}
