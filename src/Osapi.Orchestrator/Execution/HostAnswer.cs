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

    private Dictionary<string, HostAttempt> ByName => field ??= Index();

    public HostAttempt? Find(string hostname) => ByName.GetValueOrDefault(hostname);

    // The first reply of a host counts.
    private Dictionary<string, HostAttempt> Index()
    {
        Dictionary<string, HostAttempt> index = new(Hosts.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var host in Hosts)
            index.TryAdd(host.Reply.Hostname, host);
        return index;
    }
}
