namespace Osapi.Orchestrator.Engine;

/// <summary>The state of a task in a run: its cells, and a summary of those that have ended. The loop owns it.</summary>
internal struct TaskRow
{
    /// <summary>The first cell.</summary>
    public int Start;

    public int Count;

    /// <summary>The number of dependencies that have not ended.</summary>
    public int WaitsFor;

    /// <summary>The dependency that ended last, which determined when the task could start.</summary>
    public int LastDependency;

    /// <summary>The number of cells that have ended.</summary>
    public int Ended;

    /// <summary>The number of failed cells.</summary>
    public int Failed;

    /// <summary>The number of skipped cells.</summary>
    public int Skipped;

    /// <summary>The number of running calls.</summary>
    public int Calls;

    /// <summary>The first cell of the list of cells that can be decided, and of those that wait for their start; -1 for none.</summary>
    public int FirstReady, FirstAdmitted;

    public RowFlags Flags;

    public readonly int End => Start + Count;

    public readonly bool Is(RowFlags flag) => (Flags & flag) != 0;
}

[Flags]
internal enum RowFlags : ushort
{
    None = 0,

    /// <summary>All cells have ended, and the task has its result.</summary>
    Ended = 1,

    /// <summary>A cell was started; known when the task has ended.</summary>
    Started = 2,

    /// <summary>A cell that is not excused failed, or was skipped because of a failure before it.</summary>
    InFailure = 4,

    /// <summary>A cell that is not excused failed after it had started.</summary>
    ItselfFailed = 8,

    /// <summary>A cell changed something.</summary>
    Changed = 16,

    /// <summary>The task failed as a whole: its strategy has acted, and no further cell starts.</summary>
    FailedAsWhole = 32,

    /// <summary>The hosts were resolved before the run.</summary>
    Resolved = 64,

    /// <summary>No host matches, which the task allows.</summary>
    Empty = 128,

    /// <summary>The cells wait until all dependencies have ended on all hosts.</summary>
    WaitsForAll = 256,

    /// <summary>The hooks were called for the task's start.</summary>
    Begun = 512,
}
