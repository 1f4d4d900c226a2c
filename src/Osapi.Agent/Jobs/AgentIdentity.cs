using Osapi.Agent.Jobs.Ledgers;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>The identity of this agent: its name, its ledger, and its current session.</summary>
internal sealed record AgentIdentity(string Hostname, string Ledger, string Session)
{
    /// <summary>The name as a token of a subject.</summary>
    public string Key { get; } = HostKey.Of(Hostname);

    /// <summary>The earlier sessions known to have ended.</summary>
    public SessionHistory? Earlier { get; init; }

    /// <summary>True for this agent's own session: the current one, or an earlier one that is known to have ended.</summary>
    public bool IsOwnSession(string? session) => session == Session || Earlier?.HasEnded(session) == true;

    /// <summary>The state that records that this agent claimed a job.</summary>
    public JobEvent Start { get; } = new() { Kind = JobEventKind.Start, Host = Hostname, Ledger = Ledger, Session = Session };

    /// <summary>Creates the reply of this host for a job without a result.</summary>
    public HostReply Ended(Outcome outcome, ErrorType type, string error) => new() { Hostname = Hostname, Outcome = outcome, Error = error, ErrorType = type };
}
