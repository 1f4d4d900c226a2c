using Osapi.Operations;

namespace Osapi.Client;

/// <summary>Reports each host of a call once, as soon as it is known that it has ended; one report at a time.</summary>
internal sealed class EndedHosts(Action<HostReply> ended)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> reported = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reports those of the hosts that have ended and were not reported before.</summary>
    public void Report(params IEnumerable<HostReply> hosts)
    {
        foreach (var host in hosts)
            if (host.Outcome != Outcome.Running)
                lock (gate)
                    if (reported.Add(host.Hostname))
                        ended(host);
    }
}
