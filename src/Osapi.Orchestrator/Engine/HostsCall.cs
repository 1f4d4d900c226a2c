using Osapi.Operations;
using Osapi.Orchestrator.Runs;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

/// <summary>One attempt of a task on hosts: one job for one or more cells.</summary>
internal sealed class HostsCall : CellCall
{
    private readonly PlanRun run;
    private int[] cells;

    public HostsCall(PlanRun run, PlanTask task, int[] cells, CallToken? own)
        : base(run, task, cells[0], own) => (this.run, this.cells) = (run, cells);

    /// <summary>Creates the call that was open when the run was interrupted, under the id of its job.</summary>
    public HostsCall(PlanRun run, PlanTask task, int[] cells, CallToken? own, OpenCall open)
        : base(run, task, cells[0], own, open) => (this.run, this.cells, JobId) = (run, cells, open.JobId!.Value);

    private HostsCall(HostsCall before, int[] cells, Exception error)
        : base(before, cells[0], error)
    {
        (run, this.cells) = (before.run, cells);
        // A call that got no response is repeated under the same id: if it had arrived, it is the same job and not a second one.
        if (before.Answer is { Failure: not null, Hosts.Count: 0 } && cells.Length == before.cells.Length)
            JobId = before.JobId;
    }

    private HostsCall(HostsCall before, int[] cells, CallItem item)
        : base(before, cells[0], item) => (run, this.cells) = (before.run, cells);

    public override ReadOnlySpan<int> Cells => cells;

    /// <summary>The id of the job.</summary>
    public JobId JobId { get; } = JobId.New();

    /// <summary>The reason why the request could not be made; null when it could. Only a call that is joined may go on without it.</summary>
    public Exception? RequestProblem { get; init; }

    /// <summary>The hosts to call; null to call the target of the task.</summary>
    public Target? Hosts { get; set; }

    /// <summary>True when the end of each host matters before the end of all: following a job costs a stream of events.</summary>
    public bool Follows => cells.Length > 1 && (Plan.Options.Flow == PlanFlow.Host || Task.FailedHostsLimit is not null || Task.AllowedHostFailures is not null);

    /// <summary>The answer of the hosts; null while there is none.</summary>
    public HostAnswer? Answer { get; set; }

    public override CellCall Next(ReadOnlySpan<int> cells, Exception error) => new HostsCall(this, cells.ToArray(), error);

    public override CellCall ForItem(CallItem item, int[] cells) => new HostsCall(this, cells, item);

    /// <summary>Replaces the one cell of a task whose hosts were not known by those of the hosts.</summary>
    public void Replace(int[] cells)
    {
        this.cells = cells;
        OwnToken?.SetCells(cells.Length);
    }

    /// <summary>Reports the reply of one host while the others are still running.</summary>
    public void OnHostEnded(HostReply reply) => run.Post(new HostEndedSignal(this, reply));
}
