using System.Collections.Concurrent;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Active;

/// <summary>A job that is unfinished, or that a caller still waits for. Only the follower changes it.</summary>
internal sealed class ActiveJob
{
    private const string NotAnExecutor = "the job is not for this executor";

    // Its waiters continue on the thread that completes it.
    private readonly TaskCompletionSource finished = new();
    private readonly ConcurrentDictionary<string, ExecutorState> states = new();
    private readonly ConcurrentDictionary<string, long> skippedSequences = new();
    // Executors with an end but no start, which the broker may have left out.
    private readonly ConcurrentDictionary<string, bool> unstarted = new();
    private readonly AsyncSignal changes = new();
    private readonly HashSet<string> executors;
    // Counted incrementally: checking every host of a broadcast at each of its replies would be quadratic.
    private int open;
    private long lastApplied;
    private volatile bool isFinished;

    public ActiveJob(JobRecord record)
    {
        Record = record;
        Updated = record.Created;
        executors = [.. record.Executors];
        open = executors.Count;
    }

    /// <summary>Creates a job from the read model.</summary>
    public ActiveJob(IndexedJob job)
        : this(job.Record)
    {
        // All states in order, because the end alone is not a valid transition.
        foreach (var (executor, state) in job.History)
            Apply(executor, state);
        if (IsOver())
            Complete(here: true);
        Publish(lastApplied);
    }

    public JobRecord Record { get; }

    /// <summary>The timestamp of this controller's clock at which it was added.</summary>
    public long AddedAt { get; set; }

    /// <summary>The newest valid state of each executor that has one.</summary>
    public IReadOnlyDictionary<string, ExecutorState> States => states;

    /// <summary>The time at which its newest message was appended.</summary>
    public DateTimeOffset Updated { get; private set; }

    /// <summary>The time at which its first host started; null before.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    public JobStatus Phase => Volatile.Read(ref open) == 0 ? JobStatusRules.StatusOf(Record, States)
        : states.IsEmpty ? JobStatus.Submitted
        : JobStatus.Processing;

    /// <summary>The task that completes when no executor can change any more. The read model may not have that state yet.</summary>
    public Task Completion => finished.Task;

    /// <summary>The reason why the job is no longer known; null while it is.</summary>
    public string? LostReason { get; private set; }

    public bool IsFinished => isFinished;

    /// <summary>True when the read model has the end of the job.</summary>
    public bool IsRecorded { get; private set; }

    /// <summary>The task that completes when the read model has a change of the job.</summary>
    public Task NextChange => changes.WaitAsync;

    /// <summary>
    /// Gets the known state of an executor; the log may have more. It is the one before the first message when messages may be missing, so that
    /// the next append reads all of them.
    /// </summary>
    public ExecutorFold FoldOf(string executor)
    {
        var state = states.GetValueOrDefault(executor);
        if (state is null && unstarted.ContainsKey(executor))
            return new(Record.Id, executor);
        return new(Record.Id, executor, state, Math.Max(state?.Sequence ?? 0, skippedSequences.GetValueOrDefault(executor)));
    }

    /// <summary>Applies the next message of an executor.</summary>
    /// <returns>The reason why it changes nothing; null when it was applied.</returns>
    public string? Apply(string executor, ExecutorState state)
    {
        if (!executors.Contains(executor))
            return NotAnExecutor;
        var before = FoldOf(executor);
        before.Apply(state, out var refusal);
        if (refusal is not null)
        {
            if (before.State is null && state.Event.Kind is JobEventKind.Finished or JobEventKind.Lost)
                unstarted[executor] = true;
            return Skip(executor, state.Sequence, refusal);
        }

        states[executor] = state;
        lastApplied = state.Sequence;
        if (state.Event.Kind == JobEventKind.Start)
            StartedAt ??= state.Time;
        if (state.Time > Updated)
            Updated = state.Time;
        if (before.State is null or { Event.Kind: JobEventKind.Start } && state.Event.Kind != JobEventKind.Start)
            Interlocked.Decrement(ref open);
        return null;
    }

    /// <summary>Records the sequence of a message that changes nothing: the next one is appended after it.</summary>
    /// <returns>The reason why it changes nothing.</returns>
    public string? Skip(string executor, long sequence, string? reason)
    {
        if (!executors.Contains(executor))
            return NotAnExecutor;
        skippedSequences[executor] = sequence;
        return reason;
    }

    /// <summary>Determines whether no executor can change any more. From then on it is finished, and its waiters are to be woken by <see cref="Complete"/>.</summary>
    public bool IsOver() => isFinished |= Volatile.Read(ref open) == 0;

    /// <summary>Wakes the callers that wait for its end.</summary>
    /// <param name="here">True when they may continue on this thread: what they write is small, because it is of one host.</param>
    public void Complete(bool here)
    {
        isFinished = true;
        if (here && executors.Count <= 1)
            finished.TrySetResult();
        else
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.TrySetResult(), finished, preferLocal: true);
    }

    /// <summary>Wakes the readers of its changes, which the read model has up to a sequence.</summary>
    public void Publish(long upTo)
    {
        // In this order: its last message is applied before it is finished.
        IsRecorded = IsFinished && Volatile.Read(ref lastApplied) <= upTo;
        changes.Set();
    }

    /// <summary>Marks the job as deleted, or as lost with its log: nothing will happen to it any more.</summary>
    public void MarkRemoved(string? lost = null)
    {
        LostReason = lost;
        Complete(here: false);
        IsRecorded = true;
        changes.Set();
    }
}
