namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Predicts every cell of a plan whose statuses do not depend on time.</summary>
internal static class CellPrediction
{
    public static CellOracle Of(FleetPlan plan)
    {
        CellOracle oracle = new(plan);
        CheckOracle check = new(plan);
        foreach (var task in plan.Tasks)
        {
            List<OracleCell> cells = [.. oracle.Columns(task).Select(column => new OracleCell(column))];
            List<OracleCell> running = [];
            foreach (var cell in cells)
            {
                var decision = oracle.Decide(task, cell.Column);
                (cell.Status, cell.Reason) = (decision.Status, decision.Reason);
                if (decision == CellDecision.Run)
                    running.Add(cell);
            }

            Run(plan, check, task, cells, running);
            oracle.Finish(oracle.Add(new(task, cells)));
        }

        return oracle;
    }

    // All cells start together, and so do all retries of those that failed; what is allowed is judged before each retry.
    private static void Run(FleetPlan plan, CheckOracle check, FleetTask task, List<OracleCell> cells, List<OracleCell> running)
    {
        for (var attempt = 1; running.Count > 0; attempt++)
        {
            List<OracleCell> again = [];
            foreach (var cell in running)
            {
                var host = task.Target == FleetTarget.Any ? plan.Script.AnyHost(task, [.. plan.Hosts.Except(plan.Drained)]) : cell.Column;
                var reply = check.Revise(task, host, plan.Reply(task, cell.Column, attempt));
                cell.Attempts = attempt;
                cell.Changed |= FleetScript.IsChange(reply);
                cell.Status = FleetScript.IsFailure(reply) ? Status.Failed : reply == ScriptedReply.Skipped ? Status.Skipped : cell.Changed ? Status.Changed : Status.Unchanged;
                cell.Reason = reply == ScriptedReply.Skipped ? FleetScript.HostSkipReason : null;
                if (task.Target == FleetTarget.Any && (reply != ScriptedReply.Expired || attempt > 1))
                    cell.Host = host;
                if (FleetScript.IsRetryable(task, reply) && attempt <= task.Retries)
                    again.Add(cell);
            }

            var counted = cells.Count(cell => cell.Status != Status.Skipped);
            running = task.Allowed is { } allowed && cells.Count(cell => cell.Status == Status.Failed) <= allowed.Of(counted) ? [] : again;
        }
    }
}
