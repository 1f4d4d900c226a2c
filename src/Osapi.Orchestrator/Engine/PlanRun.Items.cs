using Osapi.Operations;

namespace Osapi.Orchestrator.Engine;

// Tasks that are called once for each item. The items of a cell become known when it starts, here and nowhere else; then they are called
// one after the other.
internal sealed partial class PlanRun
{
    private readonly Dictionary<int, CellItems> items = [];

    // Of cells that have ended.
    private readonly Dictionary<int, IReadOnlyList<ItemResult>> itemResults = [];

    // The cells that go on with another item, collected while one signal is handled.
    private readonly List<(CallItem Item, CellCall Before, int Cell)> nextItems = [];

    /// <summary>Records the items of a cell that starts; false when none of them is called, so that the cell has ended.</summary>
    private bool TryExpand(PlanTask task, int index, ItemRequests expanded)
    {
        items[index] = new(expanded);
        RecordItems(task, index, expanded.Items);
        if (expanded.Next(0) >= 0)
            return true;
        EndCell(task.Index, index, Status.Skipped, SkipReasons.NoItems, CellFlags.Guarded);
        return false;
    }

    /// <summary>Records the end of an item; true when its cell goes on with the next one.</summary>
    private bool EndItem(CellCall call, CallItem item, int index, Status status, object? cause)
    {
        ref var cell = ref table[index];
        items[index].Set(item, ResultOf(call, item, index, status, cause), cell.Last, cause as Exception);
        RecordItem(call, item, index, status, cause);
        var goesOn = status is Status.Changed or Status.Unchanged or Status.Skipped || (status == Status.Failed && !call.IsTimedOut && GoesOnAfterFailure(call.Task));
        var isLost = cell.Host >= 0 && (unreachable.TryGet(cell.Host, out _) || table.Drained.Contains(cell.Host));
        if (!goesOn || isLost || items[index].After(item) is not { } next)
            return false;
        (cell.Last, cell.Call) = (null, null);
        nextItems.Add((next, call, index));
        return true;
    }

    private bool GoesOnAfterFailure(PlanTask task) => StrategyOf(task).After(Plan.Options.OnError.After(ErrorStrategy.StopAll)) != ErrorStrategy.StopAll;

    // Cells that ended the same item of equal ones together go on together.
    private void QueueNextItems()
    {
        foreach (var group in nextItems.GroupBy(next => (next.Before, next.Item)).ToList())
        {
            var (before, item) = group.Key;
            int[] cells = [.. group.Select(next => next.Cell)];
            var call = before.ForItem(item, cells);
            if (call is HostsCall hosts)
                hosts.Hosts = HostsOf(cells);
            foreach (var cell in cells)
                table[cell].Call = call;
            Queue(call);
        }

        nextItems.Clear();
    }

    /// <summary>Gives the items to the cells of the hosts of a first answer.</summary>
    private void MoveItems(HostsCall call, CallItem item, int from)
    {
        if (call.Cells[0] == from || !items.Remove(from))
            return;
        foreach (var cell in call.Cells)
            items[cell] = new(item.All);
    }

    private ItemResult ResultOf(CellCall call, CallItem item, int index, Status status, object? cause)
    {
        ref var cell = ref table[index];
        var reply = cell.Last?.Reply;
        var changed = call is HostsCall ? reply is { IsChange: true } : call.HasChanged;
        return new()
        {
            Key = item.Item.Key,
            // The cell remembers the changes of all its items.
            Status = status == Status.Changed && !changed ? Status.Unchanged : status,
            Changed = changed,
            Error = status == Status.Failed ? reply?.Error ?? (cause as Exception)?.Message : null,
            SkipReason = status == Status.Skipped ? cause as string : null,
            Attempts = call.Attempt,
            JobId = cell.Last?.JobId ?? call.Result?.JobId,
            Check = reply?.Check,
            Data = call is HostsCall ? null : call.Result?.Data,
            Host = call is HostsCall && reply is not null ? HostResultOf(index, jobId: null) with { Status = status, SkipReason = cause as string } : null,
        };
    }

    /// <summary>Summarizes the items of a cell that ends: the status and the cause of the cell.</summary>
    private (Status Status, object? Cause) SummarizeItems(int index, CellItems of, Status status, object? cause)
    {
        var all = of.Results(status, cause as string);
        ref var cell = ref table[index];
        var failed = all.FirstOrDefault(item => item.Status == Status.Failed);
        var ended = failed is not null || status == Status.Failed ? Status.Failed
            : status == Status.Cancelled ? Status.Cancelled
            : all.All(item => item.Status == Status.Skipped) ? Status.Skipped
            : cell.Is(CellFlags.Changed) ? Status.Changed : Status.Unchanged;
        itemResults[index] = all;
        // A host that was not called any more has an answer of its own.
        if ((cell.Last is { Reply.Outcome: not Outcome.Ok } ? cell.Last : of.Last ?? cell.Last) is { } last)
        {
            var reply = last.Reply;
            cell.Last = last with
            {
                Reply = reply with
                {
                    Changed = all.Any(item => item.Changed && item.Check is null),
                    Error = failed is null ? reply.Error : $"{failed.Key}: {failed.Error}",
                    Check = CheckOf(all),
                    Result = null,
                },
            };
        }

        return (ended, ended == Status.Failed ? (failed is null ? cause : of.Failure) ?? cause : ended == Status.Skipped ? cause as string ?? all[0].SkipReason : cause);
    }

    private static CheckResult? CheckOf(IReadOnlyList<ItemResult> all)
    {
        List<CheckResult> checks = [.. all.Select(item => item.Check).OfType<CheckResult>()];
        if (checks.Count == 0)
            return null;
        return checks.Exists(check => check.Changed == true) ? new() { Changed = true }
            : checks.Find(check => check.Changed is null) is { } unknown ? new() { Changed = null, Reason = unknown.Reason }
            : new() { Changed = false };
    }
}
