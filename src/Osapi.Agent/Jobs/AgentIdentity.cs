using Osapi.Agent.Jobs.Ledgers;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Who this agent is: its name, its ledger, and this run of it.</summary>
internal sealed record AgentIdentity(string Hostname, string Ledger, string Session)
{
    /// <summary>The name as part of a subject.</summary>
    public string Key { get; } = HostKey.Of(Hostname);

    /// <summary>Its earlier sessions, as far as they are known to be over.</summary>
    public SessionHistory? Earlier { get; init; }

    /// <summary>True for the session of a start that is this agent's own and cannot be under way elsewhere: the present one, or one that is known to be over.</summary>
    public bool IsOwnSession(string? session) => session == Session || Earlier?.IsOver(session) == true;

    /// <summary>The state that says that this agent took a job.</summary>
    public JobEvent Start { get; } = new() { Kind = JobEventKind.Start, Host = Hostname, Ledger = Ledger, Session = Session };
}
