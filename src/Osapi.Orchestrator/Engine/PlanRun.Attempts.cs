namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    /// <summary>Starts the next attempt of cells if their strategy allows one; otherwise returns the error that they fail with.</summary>
    private bool TryRetry(CellCall call, ReadOnlySpan<int> cells, Exception failure, out Exception error)
    {
        error = failure;
        try
        {
            if (RetryFor(call, failure) is not { } retry)
                return false;
            Retry(call, cells, retry, failure);
            return true;
        }
        catch (Exception exception)
        {
            // The plan's own predicate threw. Both errors matter: the failure, and the reason for not retrying.
            error = new AggregateException(failure, exception);
            return false;
        }
    }

    private RetryStrategy? RetryFor(CellCall call, Exception error) =>
        StrategyOf(call.Task) is RetryStrategy retry && call.Attempt <= retry.RetryCount && !IsHalted(call) && retry.Accepts(error) ? retry : null;

    private void Retry(CellCall call, ReadOnlySpan<int> cells, RetryStrategy retry, Exception error)
    {
        List<string> names = [];
        foreach (var cell in cells)
            if (table[cell].Host >= 0)
                names.Add(table.NameOf(table[cell].Host));
        var delay = Backoff.Jittered(Backoff.Delay(retry, call.Attempt), Plan.Options.Random());
        hooks.OnRetry(call.Task, new(call.Attempt, error) { Delay = delay, Hosts = names });
        var next = call.Next(cells, error);
        next.ChangedBefore = ChangedIn(next, cells);
        foreach (var cell in cells)
            table[cell].Call = next;
        if (next is HostsCall hosts)
            hosts.Hosts = HostsOf(cells);
        if (delay > TimeSpan.Zero)
        {
            waiting.Add(next, Clock.CreateTimer(_ => Post(new RetryDueSignal(next)), null, delay, Timeout.InfiniteTimeSpan));
        }
        else
        {
            Queue(next);
        }
    }

    // The hosts, or one without a name for a call without hosts.
    private List<string> ChangedIn(CellCall call, ReadOnlySpan<int> cells)
    {
        List<string> changed = [];
        foreach (var cell in cells)
            if (call is HostsCall ? table[cell].Last is { Reply.IsChange: true } : table[cell].Is(CellFlags.Changed))
                changed.Add(NameOfHost(table[cell].Host) ?? "");
        return changed;
    }

    // Running cells are cancelled by their token and end by themselves; cells between two attempts end here.
    private void OnTimeout(CellCall first)
    {
        first.OwnToken!.IsTimedOut = true;
        foreach (var call in waiting.Keys.Where(call => call.OwnToken == first.OwnToken).OrderBy(call => call.Task.Index).ToList())
            TimeOut(call);

        var task = first.Task.Index;
        if (!due.TryGetValue(task, out var calls))
            return;
        foreach (var call in calls.ToList())
        {
            // Those that stay keep their order.
            calls.Dequeue();
            if (call.OwnToken != first.OwnToken)
                calls.Enqueue(call);
            else
                TimeOut(call);
        }

        if (calls.Count > 0)
            return;
        due.Remove(task);
        if (rows[task].FirstAdmitted < 0)
            queued.Remove(task);
    }

    private void TimeOut(CellCall call)
    {
        Abandon(call);
        Fail(call, TimedOut(call, call.Error));
    }

    private ErrorStrategy StrategyOf(PlanTask task) => task.ErrorStrategy ?? Plan.Options.OnError;
}
