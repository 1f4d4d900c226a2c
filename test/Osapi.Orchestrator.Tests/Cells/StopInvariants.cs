namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>The invariants of a run that may be stopped: each cell follows the rules from the cells that it looks at, or was cancelled for a reason.</summary>
internal sealed class StopInvariants
{
    private readonly FleetRun run;
    private readonly CellOracle table;
    private readonly CellTimes times;
    private readonly long end;

    // The caller or the deadline; the end of the time of Always; and StopAll, whose time is known from both sides.
    private readonly long cancel;
    private readonly long alwaysEnd;
    private readonly long stopAtLeast = long.MaxValue;
    private readonly long stopAtMost = long.MaxValue;

    private StopInvariants(FleetRun run)
    {
        this.run = run;
        table = ReportTable.Of(run);
        times = new(run, table);
        end = run.Report.Tasks.Max(task => (task.EndedAt - run.Report.StartedAt).Ticks);
        var plan = run.Plan;
        cancel = Math.Min(Math.Min(plan.CancelAt ?? long.MaxValue, plan.DeadlineAt ?? long.MaxValue), plan.AbandonAt ?? long.MaxValue);
        alwaysEnd = cancel == long.MaxValue ? cancel : Math.Min(plan.AbandonAt ?? long.MaxValue, cancel + (plan.AlwaysTimeout ?? TimeSpan.FromSeconds(60).Ticks));
        foreach (var row in table.Rows.Where(row => row.FailedAsAWhole && plan.StopsAfter(row.Task)))
        {
            stopAtLeast = Math.Min(stopAtLeast, FailedAtLeast(row));
            stopAtMost = Math.Min(stopAtMost, (run.Report.Get($"t{row.Task.Id}")!.EndedAt - run.Report.StartedAt).Ticks);
        }
    }

    public static IEnumerable<string> Of(FleetRun run) => run.Plan.IsOld ? [] : new StopInvariants(run).Problems();

    private IEnumerable<string> Problems()
    {
        foreach (var row in table.Rows)
            foreach (var cell in row.Cells)
            {
                foreach (var attempt in run.Log[row.Task.Id, cell.Column])
                    if (Attempt(row, attempt) is { } late)
                        yield return $"t{row.Task.Id} on h{cell.Column}: {late}";
                if (Cell(row, cell) is { } problem)
                    yield return $"t{row.Task.Id} on h{cell.Column}: {problem}";
            }

        if (Outcome() is { } outcome)
            yield return outcome;
        foreach (var problem in ReportTable.OwedDifferences(run, table))
            yield return problem;
    }

    private string? Attempt(CellRow row, FleetAttempt attempt)
    {
        var isUncertain = row.Task.Target == FleetTarget.Any;
        if (attempt.Number == 1 && !isUncertain && IsUnreachable(attempt.Host, before: attempt))
            return "was asked although the host cannot be reached";
        if (attempt.Number == 1 && !isUncertain && run.Log.Refusals.Exists(refusal => refusal.Host == attempt.Host && FleetLog.IsKnown(refusal, attempt)))
            return "was asked although the host is drained";
        if (row.Task.Limit is { } own && run.Log[row.Task.Id, attempt.Column][0].StartTime + own < attempt.EndTime)
            return $"ran until {attempt.EndTime}, longer than {own}";
        var limit = row.Task.Always ? alwaysEnd : cancel;
        if (attempt.StartTime > limit || attempt.EndTime > limit)
            return $"ran from {attempt.StartTime} to {attempt.EndTime}, although the run was over at {limit}";
        if (row.Task.Always || row.Task.OnlyIfFailed)
            return null;
        return attempt.StartTime > stopAtMost || attempt.EndTime > stopAtMost
            ? $"ran from {attempt.StartTime} to {attempt.EndTime}, although the plan stopped at {stopAtMost}"
            : null;
    }

    private string? Cell(CellRow row, OracleCell cell)
    {
        var decision = table.Decide(row.Task, cell.Column);
        var ready = times.Ready(row.Task.Id, cell.Column);
        if (cell.HasStarted)
        {
            if (decision != CellDecision.Run)
                return $"ran, but the rules say {decision}";
            if (cell.Status == Status.Cancelled && !IsStopped(row, run.Log[row.Task.Id, cell.Column] is [.., { IsCancelled: true } last] ? last.EndTime : long.MaxValue))
                return "was cancelled although nothing stopped it";
            return Unfinished(row, cell);
        }

        // R1: drained since the first refusal for the host.
        if (cell.Status == Status.Skipped && cell.Reason == FleetScript.RefusalReason)
            return decision == CellDecision.Run && run.Log.Refusal(row.Task.Id, cell.Column) is not null ? null : $"{cell.Text}, but the rules say {decision}";
        var refusals = run.Log.Refusals.Where(refusal => refusal.Host == cell.Column).ToList();
        if (cell is { Status: Status.Skipped, Reason: SkipReasons.HostDrained } && refusals.Count > 0)
            return null;
        if (cell.Status != Status.Cancelled && refusals.Exists(refusal => refusal.EndTime < ready.Time))
            return $"{cell.Text}, although the host was drained before";

        // R6: it is failed without having been asked.
        if (decision == CellDecision.Run && cell.Status == Status.Failed)
            return IsUnreachable(cell.Host) ? null : $"{cell.Text}, although it should run";
        if (cell.Status != Status.Cancelled)
        {
            if ((cell.Status, cell.Reason) != (decision.Status, decision.Reason))
                return $"{cell.Text}, but the rules say {decision}";
            var mustCancel = row.Task is { Always: false } && !run.Plan.Drained.Contains(cell.Column) && (ready.Time > cancel || (ready.Time > stopAtMost && !row.Task.OnlyIfFailed));
            return mustCancel ? $"{cell.Text}, although the plan was stopped before" : null;
        }

        // Nothing started there; whether that or the stop is told does not matter.
        if (row.Task.Always && decision.Reason is SkipReasons.NoDependenciesStarted or SkipReasons.HostDrained)
            return null;
        if (!IsStopped(row, times.IsPrompt && ready.IsExact ? ready.Time : long.MaxValue))
            return $"was cancelled although nothing stopped it; the rules say {decision}";
        // A recovery whose dependency failed still starts; it does not when the caller or the deadline came.
        return row.Task.OnlyIfFailed && decision == CellDecision.Run && cancel > end && !IsOver(row) ? "recovery did not run" : null;
    }

    // Whether something was heard of a host after which it counts as unreachable: ever, or as the last before an attempt.
    private bool IsUnreachable(int host, FleetAttempt? before = null)
    {
        var heard = run.Log.All.Where(attempt => attempt.Host == host && (attempt.IsUnreachable || attempt.Reply is not (ScriptedReply.Expired or ScriptedReply.Running))).ToList();
        if (before is null)
            return run.Plan.Probes && heard.Exists(attempt => attempt.IsUnreachable);
        // What is read from cancelled jobs at the same time is learned in any order, before or after the attempt.
        var last = heard.Where(attempt => attempt.EndOrder < before.StartOrder).MaxBy(attempt => attempt.EndOrder);
        return run.Plan.Probes && last is { IsUnreachable: true }
            && !heard.Exists(attempt => attempt.IsLate && (attempt.EndTime == before.StartTime || (attempt.EndTime == last.EndTime && !attempt.IsUnreachable)));
    }

    // A failure that may be followed by another attempt is, unless something stops it or the task allows it.
    private string? Unfinished(CellRow row, OracleCell cell)
    {
        var isFinal = run.Log[row.Task.Id, cell.Column] is not [.., var last] || row.Task.Allowed is not null || last.IsCancelled || !FleetScript.IsRetryable(row.Task, last.Reply) || cell.Attempts > row.Task.Retries
            || (row.Task.Limit is { } limit && run.DurationOf(row.Task, cell.Column) == limit) || run.Log.Refusal(row.Task.Id, cell.Column) is not null;
        return isFinal || IsStopped(row, long.MaxValue) ? null : $"was not tried again after {cell.Attempts} attempts";
    }

    // At the time, something must have stopped the cell: the caller, the deadline, another task, or its own.
    private bool IsStopped(CellRow row, long time)
    {
        if (IsOver(row) && (time == long.MaxValue || time >= FailedAtLeast(row)))
            return true;
        if (row.Task.Always)
            return alwaysEnd <= end && time >= alwaysEnd;
        if (cancel <= end && time >= cancel)
            return true;
        return stopAtLeast <= end && time >= stopAtLeast;
    }

    private static bool IsOver(CellRow row) => row.FailedAsAWhole;

    private long FailedAtLeast(CellRow row)
    {
        var failures = row.Cells.Where(cell => cell.Status == Status.Failed).Select(cell => times.End(row.Task.Id, cell.Column).Time).Order().ToList();
        var counted = row.Cells.Count(cell => cell.Status != Status.Skipped);
        return CellOracle.IsExceeded(row, failures.Count, counted) ? failures[(row.Task.Max ?? row.Task.Allowed)!.Value.Of(counted)] : failures.DefaultIfEmpty().Min();
    }

    private string? Outcome()
    {
        var outcome = run.Report.Outcome;
        if (cancel < end)
        {
            var wanted = cancel == run.Plan.DeadlineAt ? PlanOutcome.TimedOut : PlanOutcome.Cancelled;
            return outcome == wanted ? null : $"the outcome is {outcome}, although the end came at {cancel}, before {end}";
        }

        var failed = table.Rows.Any(row => row.Cells.Any(cell => cell is { Status: Status.Failed or Status.Cancelled, IsExcused: false }))
            || run.Report.Tasks.Any(task => task.Status is Status.Failed or Status.Cancelled);
        return cancel > end && outcome != (failed ? PlanOutcome.Failed : PlanOutcome.Succeeded) ? $"the outcome is {outcome}" : null;
    }
}
