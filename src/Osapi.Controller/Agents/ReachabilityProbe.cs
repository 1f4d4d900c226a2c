using System.Collections.Concurrent;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>Asks the agents of single hosts for a heartbeat, to learn whether the hosts can be reached.</summary>
/// <remarks>
/// The request is the signal with which an agent asks whether its name is taken, so that agents of every version answer it, and only the
/// agent that has the name does. Several requests to one host at almost the same time are one.
/// </remarks>
internal sealed class ReachabilityProbe(ITransport transport, AgentRegistry agents, TimeProvider time)
{
    /// <summary>The time that an agent has to answer.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    // Silence after a shorter time proves nothing.
    private static readonly TimeSpan MinAnswerTimeout = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);

    // No ledger and no session: no agent takes the controller for a copy of itself.
    private static readonly byte[] Request = JobJson.Bytes(new AgentClaim { Ledger = "controller", Session = "controller" });

    private readonly ConcurrentDictionary<string, long> lastRequests = new();

    /// <summary>Asks for the heartbeats of some hosts.</summary>
    /// <exception cref="TransportException">The broker cannot be reached.</exception>
    public async Task SendAsync(IEnumerable<string> hostKeys, CancellationToken cancellationToken)
    {
        foreach (var key in hostKeys)
            if (!lastRequests.TryGetValue(key, out var last) || time.GetElapsedTime(last) >= MinInterval)
            {
                lastRequests[key] = time.GetTimestamp();
                await transport.Signals.SendAsync(Subjects.Claim(key), Request, cancellationToken);
            }
    }

    /// <summary>
    /// True when a host has answered a request, false when it was stopped or has not answered in time; null when it is not registered, and
    /// when it was not asked or only a moment ago.
    /// </summary>
    /// <param name="hostKey">The key of the host.</param>
    /// <param name="asked">The timestamp just before the request; null without one.</param>
    public bool? IsReachable(string hostKey, long? asked) =>
        agents.FindKey(hostKey) is not { } agent ? null
        : agent.StoppedAt is not null ? false
        : asked is not { } timestamp ? null
        // An earlier request may have been used.
        : agents.WasHeardSince(hostKey, timestamp - MinInterval.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond) ? true
        : time.GetElapsedTime(timestamp) >= MinAnswerTimeout ? false
        : null;
}
