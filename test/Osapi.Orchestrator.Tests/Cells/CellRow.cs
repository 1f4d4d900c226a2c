namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>One cell: the state of a task on one host, or of a task that has a single cell.</summary>
internal sealed record OracleCell(int Column)
{
    /// <summary>The host; <see cref="FleetLog.Single"/> when there is none or it is not known.</summary>
    public int Host { get; set; } = Column;

    public Status Status { get; set; }

    public string? Reason { get; set; }

    public bool Changed { get; set; }

    public int Attempts { get; set; }

    /// <summary>True when the cell is in F of section 8.</summary>
    public bool IsInF { get; set; }

    public bool IsExcused { get; set; }

    public bool HasStarted => Attempts > 0;

    public bool EndedOk => Status is Status.Changed or Status.Unchanged;

    public string Text => $"{Status}{(Reason is null ? "" : $" '{Reason}'")}{(Changed ? " changed" : "")}{(IsExcused ? " excused" : "")} x{Attempts}";
}

/// <summary>A row of the table: a task and its cells.</summary>
internal sealed class CellRow(FleetTask task, IReadOnlyList<OracleCell> cells)
{
    private Dictionary<int, OracleCell>? byHost;

    public FleetTask Task { get; } = task;

    public IReadOnlyList<OracleCell> Cells { get; } = cells;

    /// <summary>True when the row has no cell and was cancelled.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>True when the row has no cell and a dependency is in F.</summary>
    public bool IsEmptyInF { get; set; }

    /// <summary>True when the task has failed as a whole, so that its strategy acts.</summary>
    public bool FailedAsAWhole { get; set; }

    /// <summary>The view of a cell or a task without hosts on the whole task (R2, R3).</summary>
    public CellView Whole => new(
        IsEmptyInF || Cells.Any(cell => cell is { IsInF: true, IsExcused: false }),
        Cells.Any(cell => cell is { Status: Status.Failed, HasStarted: true, IsExcused: false }),
        Cells.Any(cell => cell.Changed),
        Cells.Any(cell => cell.HasStarted),
        IsCell: false,
        IsExcused: false);

    public OracleCell? On(int host) => host == FleetLog.Single ? null : (byHost ??= Cells.Where(cell => cell.Host >= 0).ToDictionary(cell => cell.Host)).GetValueOrDefault(host);

    /// <summary>R2: the cell on the host if the task has it, else the whole.</summary>
    public CellView Look(int host) => On(host) is { } cell
        ? new(cell.IsInF, cell is { Status: Status.Failed, HasStarted: true }, cell.Changed, cell.HasStarted, IsCell: true, cell.IsExcused)
        : Whole;
}

/// <summary>The state of a dependency as a cell sees it.</summary>
internal readonly record struct CellView(bool IsInF, bool Failed, bool Changed, bool HasStarted, bool IsCell, bool IsExcused);

/// <summary>The decision about a cell when nothing has stopped the plan: run, skip with a reason, or fail by its guard.</summary>
internal readonly record struct CellDecision(Status Status, string? Reason = null)
{
    public static CellDecision Run { get; } = new(Status.Running);

    public static CellDecision Fail { get; } = new(Status.Failed);

    public static CellDecision Skip(string reason) => new(Status.Skipped, reason);
}
