using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Execution;

/// <summary>The answer to one call of hosts.</summary>
internal sealed record HostAnswer
{
    /// <summary>The replies of the hosts; empty when none is known.</summary>
    public required IReadOnlyList<HostAttempt> Hosts { get; init; }

    /// <summary>The error that ended the call before its answer came; null otherwise.</summary>
    public Exception? Failure { get; init; }

    /// <summary>The id of the job; null when there is none.</summary>
    public JobId? JobId { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>The answer as it came; null when it was an error.</summary>
    public OperationReply? Reply { get; init; }

    /// <summary>The exception of an answer that is an error, when it is about a single host.</summary>
    public OsapiException? Refusal => Hosts is [{ Error: { } error }] ? error : null;

    public HostAttempt? Find(string hostname) => Hosts.FirstOrDefault(host => string.Equals(host.Reply.Hostname, hostname, StringComparison.OrdinalIgnoreCase));
}
