using System.Diagnostics.CodeAnalysis;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// The token of the cells of a task that start together, for all their attempts. It is cancelled with the run, when the task's time limit has
/// passed, and by the loop.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The token source holds neither timers nor handles, and its callbacks may outlive the run.")]
internal sealed class CallToken
{
    private readonly CancellationTokenSource source = new();
    private readonly TokenGroup group;
    private ITimer? timer;
    private int cells;

    public CallToken(TokenGroup group, int cells)
    {
        (this.group, this.cells) = (group, cells);
        group.Add(this);
    }

    /// <summary>True when the time limit has passed; set by the loop.</summary>
    public bool IsTimedOut { get; set; }

    public CancellationToken Token => source.Token;

    /// <summary>Starts the time of the first attempt. When it has passed, the loop is signalled and the token cancelled.</summary>
    public void StartTime(CellCall call, PlanRun run)
    {
        // The items of a task share its time.
        if (timer is not null || call.Task.TimeLimit is not { } limit)
            return;
        // Posted before the token is cancelled, so that the loop knows the reason when the body ends because of it.
        timer = run.Clock.CreateTimer(
            _ =>
            {
                run.Post(new TimeUpSignal(call));
                Cancel();
            },
            null,
            limit,
            Timeout.InfiniteTimeSpan);
    }

    public void Cancel() => Cancellation.Request(source);

    /// <summary>Changes the number of cells, when the hosts of a call become known.</summary>
    public void SetCells(int count) => cells = count;

    /// <summary>Records the end of a cell. After the last one nothing is left that would keep the run in memory.</summary>
    public void CellEnded()
    {
        if (--cells > 0)
            return;
        timer?.Dispose();
        group.Remove(this);
    }
}
