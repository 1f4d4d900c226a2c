using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    private readonly Dictionary<int, JobSummary> jobs = [];

    private void CallEnded(CellCall call)
    {
        endedAfterAbort |= call.EndedAfterAbort;
        rows[call.Task.Index].Calls--;
        if (call is HostsCall hosts)
            HostsEnded(hosts);
        else
            BodyEnded(call);
    }

    private void BodyEnded(CellCall call)
    {
        ref var cell = ref table[call.Cells[0]];
        cell.EndedAt = call.EndedAt;
        if (call.HasChanged)
            cell.Flags |= CellFlags.Changed;
        if (call.IsTimedOut)
            Fail(call, TimedOut(call, call.Error));
        else if (call.Error is null)
            EndCell(call, call.Cells[0], cell.Is(CellFlags.Changed) ? Status.Changed : Status.Unchanged);
        else if (WasCancelled(call, call.Error))
            EndCell(call, call.Cells[0], Status.Cancelled, call.Error);
        else if (!TryRetry(call, call.Cells, call.Error, out var error))
            Fail(call, error);
    }

    private void HostsEnded(HostsCall call)
    {
        var answer = call.Answer ?? new() { Hosts = [], Failure = call.Error };
        Remember(call, answer);
        if (call.Cells[0] is var first && table[first].Host < 0)
        {
            TakeHosts(call, answer);
            call.Replace(CellsOf(call.Task));
            RecordHosts(call);
            if (call.Item is { } item)
                MoveItems(call, item, first);
        }

        List<int> failed = [];
        foreach (var index in call.Cells)
        {
            ref var cell = ref table[index];
            // A cell that has left the call has ended before, or is retried already.
            if (cell.Call != call)
                continue;
            var attempt = answer.Hosts.Count == 1 && cell.Host < 0 ? answer.Hosts[0] : cell.Host < 0 ? null : answer.Find(table.NameOf(cell.Host));
            if (attempt is not null && new OwnConditions(call.Task, call.Item?.Item).Any)
                attempt = cell.Is(CellFlags.Reported) ? cell.Last : ApplyConditions(call, cell.Host, attempt);
            // A reply that came before the others was taken then.
            if (!cell.Is(CellFlags.Reported))
            {
                cell.EndedAt = call.EndedAt;
                Take(call, ref cell, attempt, answer);
            }

            cell.Flags &= ~CellFlags.Reported;
            if (EndStatus(call, cell, attempt, answer) is { } status)
                EndAnswered(call, index, status, attempt, answer.Failure);
            else
                failed.Add(index);
        }

        if (failed.Count > 0)
            RetryOrFail(call, [.. failed], answer);
        else if (CanEnd(call.Task.Index))
            EndTask(call.Task);
    }

    /// <summary>Ends the cell of one host while other hosts of the call are running.</summary>
    private void HostEnded(HostsCall call, HostReply reply)
    {
        ref var row = ref rows[call.Task.Index];
        if (table[row.Start].Host < 0 || table.Find(row, table.HostOf(reply.Hostname)) is not (>= 0 and var index) || table[index].Call != call)
            return;
        HostAttempt attempt = ApplyConditions(call, table[index].Host, new(reply.Readable(call.Task.Operation!.ResultInfo)) { JobId = call.JobId });
        HostAnswer answer = new() { Hosts = [attempt], JobId = call.JobId };
        jobs.TryAdd(call.Task.Index, new(call.JobId, TimeSpan.Zero, Reply: null));
        ref var cell = ref table[index];
        Take(call, ref cell, attempt, answer);
        var status = EndStatus(call, cell, attempt, answer);
        cell.EndedAt = Clock.GetTimestamp();
        // Without the flow by host, hosts that failed are retried together, in one job.
        if (status is null && flow is null && StrategyOf(call.Task) is RetryStrategy retry && call.Attempt <= retry.RetryCount
            && cell.Last!.CanBeSentAgain(call.Task.Operation!.Idempotency, retry))
        {
            cell.Flags |= CellFlags.Reported;
            return;
        }

        // And hosts go on with the next item together.
        if (status is not null && flow is null && call.Item is { Next: not null })
        {
            cell.Flags |= CellFlags.Reported;
            return;
        }

        endedAfterAbort |= IsAborted;
        if (status is { } ended)
            EndAnswered(call, index, ended, attempt, failure: null);
        else
            RetryOrFail(call, [index], answer);
    }

    private void EndAnswered(CellCall call, int index, Status status, HostAttempt? attempt, Exception? failure)
    {
        if (attempt is { IsRefusal: true })
            Refuse(call, ref table[index]);
        EndCell(call, index, status, status == Status.Skipped ? attempt!.Reply.Error : failure);
    }

    private void Take(CellCall call, ref Cell cell, HostAttempt? attempt, HostAnswer answer)
    {
        if (attempt is not null)
            cell.Last = attempt.After(cell.Last ?? BeforeResume(call, cell));
        else if (answer.Failure is OsapiException error)
            cell.Last = cell.Last?.With(error, answer.JobId);
        if (cell.Last is { Reply.IsChange: true })
            cell.Flags |= CellFlags.Changed;
        if (cell.Host < 0 || attempt is null)
            return;
        if (attempt.Reply.Reachable == false)
            unreachable.Add(cell.Host, call.Task.Operation!);
        else if (!attempt.IsRefusal && attempt.Reply.Outcome is not (Outcome.Expired or Outcome.Running))
            unreachable.Remove(cell.Host);
    }

    /// <summary>Returns the status of a cell whose host has ended; null when it failed.</summary>
    private Status? EndStatus(CellCall call, in Cell cell, HostAttempt? attempt, HostAnswer answer)
    {
        var isCancelled = answer.Failure is { } failure && WasCancelled(call, failure) && !call.IsTimedOut;
        return attempt?.Reply.Outcome switch
        {
            Outcome.Ok => cell.Is(CellFlags.Changed) || attempt.Reply.IsChange ? Status.Changed : Status.Unchanged,
            Outcome.Skipped => Status.Skipped,
            null or Outcome.Running or Outcome.Cancelled when isCancelled => Status.Cancelled,
            _ => null,
        };
    }

    private void RetryOrFail(CellCall call, int[] failed, HostAnswer answer)
    {
        if (call.IsTimedOut)
        {
            // Those that failed earlier have waited to be retried with the others.
            foreach (var index in failed)
                table[index].EndedAt = Math.Max(table[index].EndedAt, call.EndedAt);
            Fail(call, failed, TimedOut(call, answer.Failure));
            return;
        }

        var error = FailureOf(call, failed, answer);
        var isAllowed = call.Task.AllowedHostFailures is { } allowed && rows[call.Task.Index].Failed + failed.Length <= allowed.Of(Expected(call.Task.Index));
        int[] again = [];
        if (!isAllowed && RetryFor(call, error) is { } retry)
            again = [.. failed.Where(index => MayBeSentAgain(index, retry))];
        if (again.Length > 0 && !TryRetry(call, again, error, out error))
            again = [];
        if (again.Length < failed.Length)
            Fail(call, [.. failed.Except(again)], OwnFailure(call, answer) ?? error as AggregateException ?? (Exception?)answer.Refusal);

        bool MayBeSentAgain(int index, RetryStrategy retry) => table[index].Last?.CanBeSentAgain(call.Task.Operation!.Idempotency, retry) ?? true;
    }

    private void Fail(CellCall call, ReadOnlySpan<int> cells, Exception? error)
    {
        foreach (var index in cells)
            EndCell(call, index, Status.Failed, error);
    }

    private void Fail(CellCall call, Exception error) => Fail(call, call.Cells, error);

    // The error of a call, for the retry strategy and the hook.
    private Exception FailureOf(CellCall call, int[] failed, HostAnswer answer) =>
        OwnFailure(call, answer) ?? answer.Refusal ?? (Exception)new HostFailuresException([.. failed.Select(index => HostResultOf(index, jobId: null))], Expected(call.Task.Index));

    // Hosts that failed before the call was cancelled have reasons of their own.
    private Exception? OwnFailure(CellCall call, HostAnswer answer) => answer.Failure is { } failure && !WasCancelled(call, failure) ? failure : null;

    // Skipped hosts do not count.
    private int Expected(int task) => rows[task].Count - rows[task].Skipped;

    private bool WasCancelled(CellCall call, Exception error) => error is OperationCanceledException && (call.Token.IsCancellationRequested || IsAborted);

    private static TimeoutException TimedOut(CellCall call, Exception? error) => new($"the task took longer than {call.Task.TimeLimit!.Value}", error);

    private int[] CellsOf(PlanTask task) => [.. Enumerable.Range(rows[task.Index].Start, rows[task.Index].Count)];

    private void Remember(CellCall call, HostAnswer answer)
    {
        var task = call.Task.Index;
        var isWhole = call.Attempt == 1 && call.Cells.Length == rows[task].Count;
        jobs[task] = new((jobs.TryGetValue(task, out var job) ? job.JobId : null) ?? answer.JobId, answer.Duration, isWhole && call.Item is null && !call.Task.HasOwnConditions ? answer.Reply : null);
    }

    /// <summary>The jobs of a task.</summary>
    /// <param name="JobId">The id of the first job; null when there was none.</param>
    /// <param name="Duration">The duration of the last call.</param>
    /// <param name="Reply">The answer, when a single one has the replies of all hosts.</param>
    private sealed record JobSummary(JobId? JobId, TimeSpan Duration, OperationReply? Reply);
}
