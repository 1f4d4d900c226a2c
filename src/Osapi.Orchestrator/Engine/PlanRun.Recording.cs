using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Orchestrator.Execution;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator.Engine;

// A run whose journal is kept: cells that had ended before it was resumed end as they did, and calls that were open are joined.
internal sealed partial class PlanRun
{
    private readonly RunRecorder? recorder;
    private readonly Dictionary<int, Result> restoredResults = [];
    private bool isRestoring;

    /// <summary>Records a call before it is made; does nothing for a run without a journal, and for a call that is recorded already.</summary>
    public Task CallingAsync(CellCall call) => recorder is null || call.Joined is { } open && open.Attempt == call.Attempt
        ? Task.CompletedTask
        : recorder.CallingAsync(new()
        {
            Kind = JournalEntryKind.Call,
            Task = call.Task.Name,
            Hosts = (call as HostsCall)?.Hosts?.Hostnames,
            Item = call.Item?.Item.Key,
            Attempt = call.Attempt,
            JobId = (call as HostsCall)?.JobId,
            Changed = call is not HostsCall && call.ChangedBefore.Count > 0 ? true : null,
            ChangedHosts = call is HostsCall && call.ChangedBefore.Count > 0 ? call.ChangedBefore : null,
        });

    /// <summary>The run that the calls of operations name; null for a run without a journal.</summary>
    public RunId? RecordedRun => recorder?.Id;

    public bool IsRecorded => recorder is not null;

    /// <summary>True when the job of a call may have been removed since, so that its absence does not tell that the call was never made.</summary>
    public bool MayHaveBeenRemoved(OpenCall open) => recorder?.JobsSince is { } since && open.Time < since;

    private string? NameOfHost(int host) => host >= 0 ? table.NameOf(host) : null;

    /// <summary>Ends a cell as it had ended before the run was resumed; false when it had not.</summary>
    private bool TryRestore(PlanTask task, int index)
    {
        var host = table[index].Host;
        if (recorder is null)
            return false;
        var end = task.RunsOnHosts && host < 0 ? recorder.History.AnyEndOf(task.Name) : recorder.History.EndOf(task.Name, NameOfHost(host));
        if (end is null || StatusOf(end) is not { } status)
        {
            if (recorder.History.HasChanged(task.Name, NameOfHost(host)))
                table[index].Flags |= CellFlags.Changed;
            return false;
        }

        isRestoring = true;
        Restore(task, index, end, status);
        isRestoring = false;
        return true;
    }

    private void Restore(PlanTask task, int index, JournalEntry end, Status status)
    {
        ref var cell = ref table[index];
        if (task.RunsOnHosts && cell.Host < 0 && end.Host is not null)
            cell.Host = table.HostOf(end.Host);
        cell.Attempts = end.Attempt ?? 0;
        cell.StartedAt = TimestampOf(end.StartedAt);
        cell.EndedAt = TimestampOf(end.EndedAt);
        var flags = CellFlags.Restored;
        flags |= cell.Attempts > 0 ? CellFlags.Started : 0;
        flags |= end.Changed == true ? CellFlags.Changed : 0;
        flags |= end.Flags.Contains(JournalFlags.Guarded) ? CellFlags.Guarded : 0;
        if (end.Flags.Contains(JournalFlags.Refused))
        {
            flags |= CellFlags.Refused;
            table.Drained.Add(cell.Host);
        }

        if (status == Status.Skipped && end.Flags.Contains(JournalFlags.AfterFailure))
            flags |= CellFlags.InFailure | (end.Flags.Contains(JournalFlags.Excused) ? CellFlags.Excused : 0);
        if (recorder!.ReplyOf(end) is { } reply)
            cell.Last = new(task.HasItems ? reply with { Result = null } : reply.Readable(task.Operation!.ResultInfo)) { JobId = end.JobId };
        if (end.JobId is { } job)
            jobs.TryAdd(task.Index, new(job, TimeSpan.Zero, Reply: null));
        if (!task.RunsOnHosts && cell.Attempts > 0)
            restoredResults[index] = ResultOf(task, end);
        RestoreItems(task, index, end);
        levels?.Begin(graph.LevelOf[task.Index]);
        cell.Flags |= flags;
        EndCell(task.Index, index, status, status == Status.Skipped ? end.Reason : end.Reason is null ? null : new TaskFailedException(end.Reason));
    }

    private static Result ResultOf(PlanTask task, JournalEntry end)
    {
        var reply = end.Data is { ValueKind: JsonValueKind.Object } data ? new OperationReply(data) : null;
        Result result = new() { Changed = end.Changed == true, JobId = end.JobId, Data = reply is null ? null : JsonObject.Create(reply.Document) };
        if (reply is null || task.Body is not OperationBody { ValueOf: { } valueOf })
            return result;
        try
        {
            return result with { Value = valueOf(reply) };
        }
        catch (JsonException)
        {
            return result;
        }
    }

    /// <summary>Records the end of a cell.</summary>
    private void Record(PlanTask task, int index)
    {
        ref var cell = ref table[index];
        if (recorder is null || isRestoring || cell.Is(CellFlags.Absent))
            return;
        var result = task.RunsOnHosts ? null : cell.Call?.Result;
        var data = DataOf(result);
        recorder.Ended(new()
        {
            Kind = JournalEntryKind.Ended,
            Task = task.Name,
            Host = cell.Host >= 0 ? table.NameOf(cell.Host) : cell.Last is { Reply.Hostname: { Length: > 0 } name } ? name : null,
            Attempt = cell.Attempts,
            JobId = cell.Last?.JobId ?? result?.JobId,
            Status = cell.Status.ToText(),
            Changed = cell.Is(CellFlags.Changed) ? true : null,
            Reason = JournalEntrySize.Cut(cell.Last?.Reply.Error ?? cell.Cause as string ?? (cell.Cause as Exception)?.Message),
            Outcome = cell.Last?.Reply.Outcome,
            ErrorType = cell.Last?.Reply.ErrorType,
            Flags = FlagsOf(cell, isDataTooLarge: data is null && result?.Data is not null),
            StartedAt = cell.Attempts > 0 ? At(cell.StartedAt) : null,
            EndedAt = At(cell.EndedAt),
            Data = data,
        });
    }

    private static List<string> FlagsOf(in Cell cell, bool isDataTooLarge)
    {
        List<string> flags = [];
        Add(cell.Is(CellFlags.Guarded), JournalFlags.Guarded);
        Add(cell.Is(CellFlags.Refused), JournalFlags.Refused);
        Add(cell.Status == Status.Skipped && cell.Is(CellFlags.InFailure), JournalFlags.AfterFailure);
        Add(cell.Status == Status.Skipped && cell.Is(CellFlags.Excused), JournalFlags.Excused);
        Add(cell.Cause is UnknownOutcomeException, JournalFlags.Unknown);
        Add(isDataTooLarge, JournalFlags.DataTooLarge);
        return flags;

        void Add(bool holds, string flag)
        {
            if (holds)
                flags.Add(flag);
        }
    }

    private static JsonElement? DataOf(Result? result)
    {
        if (result?.Data is not { } data)
            return null;
        var text = data.ToJsonString();
        return text.Length <= JournalEntrySize.MaxData ? JsonElement.Parse(text) : null;
    }

    // A body may have returned a status of its own, which is none that a cell ends with.
    private static Status? StatusOf(JournalEntry end) => end.Status switch
    {
        "changed" => Status.Changed,
        "unchanged" => Status.Unchanged,
        "skipped" => Status.Skipped,
        "failed" => Status.Failed,
        "cancelled" => Status.Cancelled,
        _ => null,
    };

    // Before the run was resumed, and by another clock.
    private long TimestampOf(DateTimeOffset? time) => time is { } known ? startedAt + (long)((known - startTime).TotalSeconds * Clock.TimestampFrequency) : startedAt;

    // It is not known whether the body has run, and it must not run twice.
    private void FailUnknown(PlanTask task, int index, OpenCall open)
    {
        ref var cell = ref table[index];
        (cell.Attempts, cell.StartedAt, cell.EndedAt) = (open.Attempt, TimestampOf(open.Time), Clock.GetTimestamp());
        cell.Flags |= CellFlags.Started;
        EndCell(task.Index, index, Status.Failed, new UnknownOutcomeException("it had started when the run was interrupted, and whether it has ended is not known"));
    }

    /// <summary>Records the hosts of a call that was made before they were known.</summary>
    private void RecordHosts(HostsCall call)
    {
        if (recorder is null || call.Task.Target?.Kind == TargetKind.Any)
            return;
        string[] names = [.. CellsOf(call.Task).Select(cell => table[cell].Host).Where(host => host >= 0).Select(table.NameOf)];
        if (names.Length == 0)
            return;
        recorder.Resolved(call.Task.Name, names);
        recorder.Called(call.Task.Name, names, call.Item?.Item.Key, call.Attempt, call.JobId);
    }
}
