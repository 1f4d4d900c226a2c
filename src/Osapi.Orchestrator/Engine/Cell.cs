using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

/// <summary>One cell: a task on one host, or a task that runs on no host. The loop owns it.</summary>
internal struct Cell
{
    /// <summary>The host, as an index of the table; -1 for a task without hosts, and while the host is not known.</summary>
    public int Host;

    /// <summary>The number of attempts.</summary>
    public int Attempts;

    public CellFlags Flags;

    public Status Status;

    /// <summary>The timestamp of the first attempt's start.</summary>
    public long StartedAt;

    public long EndedAt;

    /// <summary>The call that the cell is part of; null before the first and after the last one.</summary>
    public CellCall? Call;

    /// <summary>The last reply of the host; null when it gave none.</summary>
    public HostAttempt? Last;

    /// <summary>The reason for a skipped cell as text, the error of a failed one as an exception.</summary>
    public object? Cause;

    public readonly bool Is(CellFlags flag) => (Flags & flag) != 0;
}

[Flags]
internal enum CellFlags : ushort
{
    None = 0,

    /// <summary>The cell has its final status.</summary>
    Ended = 1,

    /// <summary>An attempt was started.</summary>
    Started = 2,

    /// <summary>The cell failed, or was skipped because of a failure before it.</summary>
    InFailure = 4,

    /// <summary>The failure is one that the task allows.</summary>
    Excused = 8,

    /// <summary>Something changed, even if the cell then failed.</summary>
    Changed = 16,

    /// <summary>The controller did not send the operation to the host, because the host is drained.</summary>
    Refused = 32,

    /// <summary>The cell was skipped by the task's own guard.</summary>
    Guarded = 64,

    /// <summary>The host has ended before the other hosts of its call.</summary>
    Reported = 128,

    /// <summary>The task does not run on the host after all, because the task whose hosts it has did not start there. Nobody looks at the cell.</summary>
    Absent = 256,

    /// <summary>The cell had ended before the run was resumed.</summary>
    Restored = 512,
}
