using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Who this agent is: its name, its ledger, and this run of it.</summary>
internal sealed record AgentIdentity(string Hostname, string Ledger, string Session)
{
    /// <summary>The name as part of a subject.</summary>
    public string Key { get; } = HostKey.Of(Hostname);

    /// <summary>The state that says that this agent took a job.</summary>
    public JobEvent Start { get; } = new() { Kind = JobEventKind.Start, Host = Hostname, Ledger = Ledger, Session = Session };
}
