using System.Collections.Concurrent;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Active;

/// <summary>A job that is not over, or that somebody still waits for. Only the follower changes it.</summary>
internal sealed class ActiveJob
{
    private const string NotAsked = "the job is not for this executor";

    private readonly TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, ExecutorState> states = new();
    private readonly ConcurrentDictionary<string, long> passedOver = new();
    private readonly AsyncSignal changes = new();
    private readonly HashSet<string> executors;
    // Counted, because asking every host of a broadcast at each of its answers would be quadratic.
    private int open;

    public ActiveJob(JobRecord record)
    {
        Record = record;
        Updated = record.Created;
        executors = [.. record.Executors];
        open = executors.Count;
    }

    /// <summary>A job as the read model remembers it.</summary>
    public ActiveJob(IndexedJob job)
        : this(job.Record)
    {
        // All of them in order: an end alone would be the end of nothing.
        foreach (var (executor, state) in job.History)
            Apply(executor, state);
        Publish();
    }

    public JobRecord Record { get; }

    /// <summary>The newest state of each executor that has one, of those that count.</summary>
    public IReadOnlyDictionary<string, ExecutorState> States => states;

    /// <summary>When its newest message was appended.</summary>
    public DateTimeOffset Updated { get; private set; }

    public JobStatus Phase => Volatile.Read(ref open) == 0 ? JobStatusRules.StatusOf(Record, States)
        : states.IsEmpty ? JobStatus.Submitted
        : JobStatus.Processing;

    /// <summary>Completes when the read model has the job: from then on whoever asks for it finds it.</summary>
    public Task Known => known.Task;

    /// <summary>Completes when no executor can change any more, and the read model says so.</summary>
    public Task Over => over.Task;

    /// <summary>Why nothing is known of the job any more; null while something is.</summary>
    public string? Lost { get; private set; }

    public bool IsOver => over.Task.IsCompleted;

    /// <summary>Completes when the read model has something new of the job.</summary>
    public Task NextChange => changes.WaitAsync;

    /// <summary>What is known of an executor; the log may have more.</summary>
    public ExecutorFold FoldOf(string executor)
    {
        var state = states.GetValueOrDefault(executor);
        return new(Record.Id, executor, state, Math.Max(state?.Sequence ?? 0, passedOver.GetValueOrDefault(executor)));
    }

    /// <summary>Takes the next message about an executor.</summary>
    /// <returns>Why it changes nothing; null when it does.</returns>
    public string? Apply(string executor, ExecutorState state)
    {
        if (!executors.Contains(executor))
            return NotAsked;
        var before = FoldOf(executor);
        before.Apply(state, out var refusal);
        if (refusal is not null)
            return Skip(executor, state.Sequence, refusal);
        states[executor] = state;
        if (state.Time > Updated)
            Updated = state.Time;
        if (before.State is null or { Event.Kind: JobEventKind.Start } && state.Event.Kind != JobEventKind.Start)
            Interlocked.Decrement(ref open);
        return null;
    }

    /// <summary>Takes note of a message that changes nothing: the next one is appended after it.</summary>
    /// <returns>Why it changes nothing.</returns>
    public string? Skip(string executor, long sequence, string? reason)
    {
        if (!executors.Contains(executor))
            return NotAsked;
        passedOver[executor] = sequence;
        return reason;
    }

    /// <summary>Lets those who wait see what was applied.</summary>
    public void Publish()
    {
        known.TrySetResult();
        if (Volatile.Read(ref open) == 0)
            over.TrySetResult();
        changes.Set();
    }

    /// <summary>It was deleted, or its log was made anew, which is said: nothing will happen to it any more.</summary>
    public void MarkRemoved(string? lost = null)
    {
        Lost = lost;
        known.TrySetResult();
        over.TrySetResult();
        changes.Set();
    }
}
