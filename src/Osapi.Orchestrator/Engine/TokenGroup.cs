using System.Diagnostics.CodeAnalysis;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// A token of a run, and the tokens of single calls that are cancelled with it at the same moment. Linked tokens would be cancelled only
/// after the callbacks of the others, which are user code and may wait.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The token source holds neither timers nor handles, and its callbacks may outlive the run.")]
internal sealed class TokenGroup
{
    private readonly CancellationTokenSource source = new();
    private readonly Lock gate = new();
    private readonly HashSet<CallToken> calls = [];

    public CancellationToken Token => source.Token;

    public bool IsCancelled => source.IsCancellationRequested;

    /// <summary>Adds the token of a call; it is cancelled at once when the group is.</summary>
    public void Add(CallToken call)
    {
        lock (gate)
            calls.Add(call);
        if (IsCancelled)
            call.Cancel();
    }

    public void Remove(CallToken call)
    {
        lock (gate)
            calls.Remove(call);
    }

    public void Cancel()
    {
        Cancellation.Request(source);
        CallToken[] remaining;
        lock (gate)
            remaining = [.. calls];
        foreach (var call in remaining)
            call.Cancel();
    }
}
