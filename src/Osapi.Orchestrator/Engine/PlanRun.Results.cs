using System.Text.Json;
using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    private TaskResult ResultOf(PlanTask task, Status status)
    {
        ref var row = ref rows[task.Index];
        if (task.RunsOnHosts)
            return HostsResultOf(task, status);
        ref var cell = ref table[row.Start];
        var call = cell.Call;
        cell.Call = null;
        var itemResult = itemResults.Remove(row.Start, out var ofItems) ? new Result { Changed = cell.Is(CellFlags.Changed), Items = ofItems, IsCheck = call is { Result.IsCheck: true } } : null;
        return new()
        {
            Name = task.Name,
            Status = status,
            Changed = cell.Is(CellFlags.Changed),
            Duration = cell.Attempts > 0 ? Clock.GetElapsedTime(cell.StartedAt, cell.EndedAt) : TimeSpan.Zero,
            Error = cell.Cause as Exception,
            SkipReason = status == Status.Skipped ? cell.Cause as string : null,
            Attempts = cell.Attempts,
            StartedAt = cell.Attempts > 0 ? At(cell.StartedAt) : null,
            EndedAt = At(cell.EndedAt),
            IsRestored = cell.Is(CellFlags.Restored),
            Result = itemResult ?? call?.Result ?? restoredResults.GetValueOrDefault(row.Start) ?? (status == Status.Changed && cell.Cause is string unknown ? ResultOfCheck(unknown) : null),
            Kept = itemResult ?? call?.Kept ?? restoredResults.GetValueOrDefault(row.Start)?.Copy() ?? (status == Status.Changed && cell.Cause is string text ? ResultOfCheck(text) : null),
        };
    }

    private TaskResult HostsResultOf(PlanTask task, Status status)
    {
        ref var row = ref rows[task.Index];
        jobs.Remove(task.Index, out var job);
        List<HostResult> hosts = [];
        List<HostReply> replies = [];
        var (started, ended, attempts, retried) = (long.MaxValue, long.MinValue, 0, false);
        for (var index = row.Start; index < row.End; index++)
        {
            ref var cell = ref table[index];
            if (!cell.Is(CellFlags.Absent) && (cell.Host >= 0 || cell.Last is not null))
                hosts.Add(HostResultOf(index, job?.JobId));
            if (cell.Last is { } last)
                replies.Add(last.Reply);
            if (cell.Attempts > 0)
                started = Math.Min(started, cell.StartedAt);
            ended = Math.Max(ended, cell.EndedAt);
            attempts = Math.Max(attempts, cell.Attempts);
            retried |= cell.Attempts > 1;
        }

        var error = ErrorOf(task, status);
        var reply = retried || replies.Count == 0 ? null : job?.Reply;
        Result result = new()
        {
            Changed = row.Is(RowFlags.Changed),
            HostResults = hosts,
            JobId = job?.JobId,
            JobDuration = job?.Duration,
        };
        if (replies.Count > 0 || job?.Reply is not null)
        {
            reply ??= OperationReply.OfHosts(job?.JobId, replies);
            var (value, unreadable) = Read(task, reply);
            result = result with { Reply = reply, Value = value };
            error ??= unreadable;
        }

        return new()
        {
            Name = task.Name,
            Status = status,
            Changed = result.Changed,
            Duration = attempts > 0 ? Clock.GetElapsedTime(started, ended) : TimeSpan.Zero,
            Error = error,
            SkipReason = status == Status.Skipped ? SkipReasonOf(row) : null,
            Attempts = attempts,
            StartedAt = attempts > 0 ? At(started) : null,
            EndedAt = At(ended),
            IsRestored = hosts.Count > 0 && hosts.TrueForAll(host => host.IsRestored),
            Result = result,
            // Readers get copies that are created from the replies.
            Kept = result,
        };
    }

    private string? SkipReasonOf(in TaskRow row)
    {
        for (var index = row.Start; index < row.End; index++)
            if (table[index] is { Status: Status.Skipped, Cause: string reason } && (!table[index].Is(CellFlags.Absent) || row.Is(RowFlags.Empty)))
                return reason;
        return null;
    }

    private static (object? Value, Exception? Error) Read(PlanTask task, OperationReply reply)
    {
        try
        {
            return (((OperationBody)task.Body).ValueOf?.Invoke(reply), null);
        }
        catch (JsonException exception)
        {
            return (null, exception);
        }
    }

    private Exception? ErrorOf(PlanTask task, Status status)
    {
        ref var row = ref rows[task.Index];
        List<int> cells = [];
        for (var index = row.Start; index < row.End; index++)
            if (table[index].Status == status && status is Status.Failed or Status.Cancelled && !table[index].Is(CellFlags.Excused))
                cells.Add(index);
        if (cells.Count == 0)
            return null;
        var first = table[cells[0]].Cause as Exception;
        if (status == Status.Cancelled || (first is not null && cells.TrueForAll(index => ReferenceEquals(table[index].Cause, first))))
            return first;
        return new HostFailuresException([.. cells.Select(index => HostResultOf(index, jobId: null))], Expected(task.Index));
    }

    private HostResult HostResultOf(int index, JobId? jobId)
    {
        ref var cell = ref table[index];
        var (last, reply) = (cell.Last, cell.Last?.Reply);
        return new()
        {
            Hostname = cell.Host >= 0 ? table.NameOf(cell.Host) : reply!.Hostname,
            Changed = reply is { IsChange: true },
            Check = reply?.Check,
            Error = reply is null ? (cell.Cause as Exception)?.Message : reply.Error,
            Outcome = reply?.Outcome,
            ErrorType = reply?.ErrorType,
            Reply = reply,
            Items = itemResults.GetValueOrDefault(index) ?? [],
            DecidedStatus = cell.Is(CellFlags.Ended) ? cell.Status : null,
            SkipReason = cell.Status == Status.Skipped ? cell.Cause as string : null,
            IsExcused = cell.Is(CellFlags.Excused),
            Attempts = cell.Attempts,
            StartedAt = cell.Attempts > 0 ? At(cell.StartedAt) : null,
            Duration = cell.Attempts > 0 ? Clock.GetElapsedTime(cell.StartedAt, cell.EndedAt) : TimeSpan.Zero,
            JobId = last?.JobId == jobId ? null : last?.JobId,
            IsRestored = cell.Is(CellFlags.Restored),
        };
    }

    /// <summary>Returns the result of an earlier task as a cell on a host looks at it; null while the task has not ended there.</summary>
    private TaskResult? HostView(int task, int host)
    {
        ref var row = ref rows[task];
        if (table.Find(row, host) is not (>= 0 and var index))
            return results[task];
        ref var cell = ref table[index];
        var result = HostResultOf(index, jobId: null);
        return new()
        {
            Name = graph.Tasks[task].Name,
            Status = cell.Status,
            Changed = cell.Is(CellFlags.Changed),
            Error = cell.Cause as Exception,
            SkipReason = cell.Status == Status.Skipped ? cell.Cause as string : null,
            EndedAt = At(cell.EndedAt),
            Result = new() { Value = cell.Last is { } last ? Read(graph.Tasks[task], OperationReply.OfHosts(last.JobId, [last.Reply])).Value : null },
            Kept = new() { HostResults = [result], Data = result.Data },
        };
    }
}
