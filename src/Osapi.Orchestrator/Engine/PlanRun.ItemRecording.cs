using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Orchestrator.Execution;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator.Engine;

// The items of a run whose journal is kept: those that had ended before it was resumed keep their results, and the first that had not is
// joined or called.
internal sealed partial class PlanRun
{
    /// <summary>True when the cell had started before the run was resumed, and not ended.</summary>
    private bool HasBegun(PlanTask task, int index) =>
        recorder is not null && (OpenCallOf(task, index) is not null || (task.HasItems && recorder.History.ItemsOf(task.Name, NameOfHost(table[index].Host)) is not null));

    private void RecordItems(PlanTask task, int index, IReadOnlyList<PlanItem> all)
    {
        if (recorder is null)
            return;
        var host = NameOfHost(table[index].Host);
        recorder.Expanded(task.Name, host, [.. all.Select(item => item.Key)]);
        foreach (var item in all.Where(item => item.SkipReason is not null))
            recorder.Ended(new()
            {
                Kind = JournalEntryKind.Ended,
                Task = task.Name,
                Host = host,
                Item = item.Key,
                Attempt = 0,
                Status = Status.Skipped.ToText(),
                Reason = JournalEntrySize.Cut(item.SkipReason),
            });
    }

    private void RecordItem(CellCall call, CallItem item, int index, Status status, object? cause)
    {
        if (recorder is null)
            return;
        ref var cell = ref table[index];
        var result = call is HostsCall ? null : call.Result;
        var changed = call is HostsCall ? cell.Last is { Reply.IsChange: true } : call.HasChanged;
        recorder.Ended(new()
        {
            Kind = JournalEntryKind.Ended,
            Task = call.Task.Name,
            Host = cell.Host >= 0 ? table.NameOf(cell.Host) : cell.Last is { Reply.Hostname: { Length: > 0 } name } ? name : null,
            Item = item.Item.Key,
            Attempt = call.Attempt,
            JobId = cell.Last?.JobId ?? result?.JobId,
            // The cell remembers the changes of all its items.
            Status = (status == Status.Changed && !changed ? Status.Unchanged : status).ToText(),
            Changed = changed ? true : null,
            Reason = JournalEntrySize.Cut(cell.Last?.Reply.Error ?? cause as string ?? (cause as Exception)?.Message),
            Outcome = cell.Last?.Reply.Outcome,
            ErrorType = cell.Last?.Reply.ErrorType,
            StartedAt = At(cell.StartedAt),
            EndedAt = At(cell.EndedAt),
            Data = DataOf(result),
        });
    }

    /// <summary>Gives a cell that had ended the results of its items.</summary>
    private void RestoreItems(PlanTask task, int index, JournalEntry end)
    {
        if (task.HasItems && recorder!.History.ItemsOf(task.Name, end.Host) is { } known)
            itemResults[index] =
            [
                .. known.Keys.Select(key => known.EndOf(key) is { } item
                    ? ResultOf(item)
                    : new ItemResult { Key = key, Status = Status.Skipped, SkipReason = end.Status == "failed" ? CellItems.EarlierItemFailed : null }),
            ];
    }

    private ItemResult ResultOf(JournalEntry item)
    {
        var reply = recorder!.ReplyOf(item);
        var status = StatusOf(item) ?? Status.Failed;
        return new()
        {
            Key = item.Item!,
            Status = status,
            Changed = item.Changed == true,
            Error = status == Status.Failed ? item.Reason : null,
            SkipReason = status == Status.Skipped ? item.Reason : null,
            Attempts = item.Attempt ?? 0,
            JobId = item.JobId,
            Data = reply is null && item.Data is { ValueKind: JsonValueKind.Object } data ? JsonObject.Create(data) : null,
            Host = reply is null ? null : new()
            {
                Hostname = reply.Hostname,
                Changed = reply.IsChange,
                Error = reply.Error,
                Outcome = reply.Outcome,
                ErrorType = reply.ErrorType,
                Reply = reply,
                DecidedStatus = status,
                SkipReason = status == Status.Skipped ? item.Reason : null,
            },
        };
    }

    /// <summary>Goes on with the items of cells that had started, and returns the other cells.</summary>
    private int[] ResumeItems(PlanTask task, int[] cells)
    {
        // Cells of one call that was open had equal items, and go on together.
        foreach (var group in cells.Where(cell => HasBegun(task, cell)).GroupBy(cell => (object?)OpenCallOf(task, cell) ?? cell).OrderBy(group => group.First()))
        {
            List<int> together = [];
            ItemRequests? all = null;
            foreach (var cell in group)
                if (TryMakeRequest(task, cell, out var request))
                {
                    all ??= (ItemRequests)request;
                    items[cell] = new(all);
                    together.Add(cell);
                }

            var open = group.Key as OpenCall;
            CallItem? item = null;
            foreach (var cell in together.ToList())
                if (TryGoOn(task, cell, all!, open, out var next))
                    item = next;
                else
                    together.Remove(cell);
            if (together.Count == 0)
                continue;
            int[] going = [.. together];
            var own = OwnToken(task, going.Length);
            var call = open is not null && open.Item == item!.Item.Key
                ? new HostsCall(this, task, going, own, open) { Hosts = open.Hosts is { } hosts ? Target.OfHosts([.. hosts]) : null, Request = item.Item.Request, Item = item }
                : new HostsCall(this, task, going, own) { Hosts = HostsOf(going), Request = item!.Item.Request, Item = item };
            foreach (var cell in going)
                table[cell].Call = call;
            Queue(call);
        }

        return [.. cells.Where(cell => !HasBegun(task, cell))];
    }

    /// <summary>Takes the results of the items that had ended, and returns the item to go on with; false when the cell has ended.</summary>
    private bool TryGoOn(PlanTask task, int index, ItemRequests all, OpenCall? open, [NotNullWhen(true)] out CallItem? next)
    {
        ref var cell = ref table[index];
        var (first, joined) = (-1, -1);
        var known = recorder!.History.ItemsOf(task.Name, NameOfHost(cell.Host));
        var hasFailed = false;
        for (var number = 0; number < all.Items.Count; number++)
        {
            if (known?.EndOf(all.Items[number].Key) is not { } end)
            {
                if (all.Items[number].SkipReason is null && first < 0)
                    first = number;
                if (open?.Item == all.Items[number].Key)
                    joined = number;
                continue;
            }

            var result = ResultOf(end);
            var last = recorder.ReplyOf(end) is { } reply ? new HostAttempt(reply.Readable(task.Operation!.ResultInfo)) { JobId = end.JobId } : null;
            items[index].Set(new(all, number), result, last, end.Reason is null ? null : new TaskFailedException(end.Reason));
            hasFailed |= result.Status is Status.Failed or Status.Cancelled;
            cell.Attempts = Math.Max(cell.Attempts, result.Attempts);
            cell.Flags |= CellFlags.Started | (result.Changed ? CellFlags.Changed : 0);
            cell.StartedAt = TimestampOf(end.StartedAt);
            cell.EndedAt = TimestampOf(end.EndedAt);
        }

        // An item that is not in the list any more is not waited for.
        next = joined >= 0 ? new(all, joined) : first >= 0 && (!hasFailed || GoesOnAfterFailure(task)) ? new(all, first) : null;
        if (next is not null)
            return true;
        EndCell(task.Index, index, cell.Is(CellFlags.Changed) ? Status.Changed : Status.Unchanged);
        return false;
    }
}
