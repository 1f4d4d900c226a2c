using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Targets;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// The hosts that did not answer a sign of life. While there are any, it asks the controller from time to time for their last heartbeat,
/// so that later tasks run on a host that came back. Nothing waits for the answer. The loop owns it.
/// </summary>
internal sealed class UnreachableHosts(PlanRun run) : IDisposable
{
    private const int MaxHosts = 100;

    // An agent sends a heartbeat every 10 seconds.
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    // The timestamp at which each host was found to be unreachable.
    private readonly Dictionary<int, long> since = [];
    private readonly CancellationTokenSource ended = new();

    // The operation whose permission the caller has.
    private string operation = "";
    private ITimer? interval;
    private HeartbeatQuery? query;
    private int first;
    private int maxHosts = MaxHosts;
    private bool isUnknown;

    public int Count => since.Count;

    public bool TryGet(int host, out long timestamp) => since.TryGetValue(host, out timestamp);

    /// <summary>Adds a host. One that was added before keeps its time.</summary>
    public void Add(int host, Operation called)
    {
        operation = called.Id;
        since.TryAdd(host, run.Clock.GetTimestamp());
        AskLater();
    }

    public void Remove(int host) => since.Remove(host);

    /// <summary>Asks for the last heartbeats; the answer comes as a signal.</summary>
    public void Ask(Func<int, string> nameOf)
    {
        interval?.Dispose();
        interval = null;
        if (since.Count == 0)
            return;
        // A request has room for some hosts only: they take turns.
        int[] hosts = [.. since.Keys.Order()];
        first = first < hosts.Length ? first : 0;
        Dictionary<string, int> asked = new(StringComparer.OrdinalIgnoreCase);
        foreach (var host in hosts.Skip(first).Take(maxHosts))
            asked.Add(nameOf(host), host);
        first += asked.Count;
        query = new(asked, run.Clock.GetTimestamp());
        _ = AskAsync(query, Target.OfHosts(asked.Keys), ended.Token);
    }

    /// <summary>Removes the hosts that were heard after they had been added.</summary>
    public void Apply()
    {
        var answered = query!;
        query = null;
        isUnknown |= answered.IsRefused;
        // One host that was removed from the system refuses the whole list.
        if (answered.Answer is { Problem: not null })
            maxHosts = 1;
        foreach (var host in answered.Answer?.Hosts ?? [])
            if (host is { Reachable: true, HeartbeatAge: { } age } && answered.Hosts.TryGetValue(host.Hostname, out var index)
                && since.TryGetValue(index, out var timestamp) && run.Clock.GetElapsedTime(timestamp, answered.Timestamp).TotalSeconds > age)
                since.Remove(index);
        AskLater();
    }

    public void Dispose()
    {
        interval?.Dispose();
        Cancellation.Request(ended);
    }

    private void AskLater()
    {
        if (since.Count > 0 && interval is null && query is null && !isUnknown)
            interval = run.Clock.CreateTimer(static state => ((PlanRun)state!).Post(new UnreachableDueSignal()), run, AskInterval, Timeout.InfiniteTimeSpan);
    }

    private async Task AskAsync(HeartbeatQuery asked, Target hosts, CancellationToken cancellationToken)
    {
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            asked.Answer = await run.Plan.Invoker!.InvokeAsync(TargetOperations.Resolve, new() { Target = hosts.Text, Operation = operation }, cancellationToken: call.Token)
                .WaitAsync(AskTimeout, run.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // An older controller does not know the operation, an invoker of one's own perhaps neither.
            asked.IsRefused = exception is ApiException { StatusCode: < 500 and not 429 } or NotSupportedException or NotImplementedException;
        }

        run.Post(new UnreachableAnsweredSignal());
        // A call must not outlive its query.
        await call.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One query for last heartbeats.</summary>
    /// <param name="Hosts">The hosts by their names.</param>
    /// <param name="Timestamp">The timestamp before it was asked.</param>
    private sealed record HeartbeatQuery(Dictionary<string, int> Hosts, long Timestamp)
    {
        /// <summary>The answer; null when there is none.</summary>
        public ResolvedTarget? Answer { get; set; }

        public bool IsRefused { get; set; }
    }
}
