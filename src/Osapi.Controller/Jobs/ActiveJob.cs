using System.Collections.Concurrent;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>A job that is not over, or that somebody still waits for. Only the follower changes it.</summary>
internal sealed class ActiveJob
{
    private readonly TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, ExecutorState> states = new();
    private readonly Pulse changes = new();
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
        foreach (var (executor, state) in job.States)
            Apply(executor, state);
        Show();
    }

    public JobRecord Record { get; }

    /// <summary>The newest state of each executor that has one.</summary>
    public IReadOnlyDictionary<string, ExecutorState> States => states;

    /// <summary>When its newest message was appended.</summary>
    public DateTimeOffset Updated { get; private set; }

    public JobPhase Phase => Volatile.Read(ref open) == 0 ? JobStatus.Phase(Record, States)
        : states.IsEmpty ? JobPhase.Submitted
        : JobPhase.Processing;

    /// <summary>Completes when the read model has the job: from then on whoever asks for it finds it.</summary>
    public Task Known => known.Task;

    /// <summary>Completes when no executor can change any more, and the read model says so.</summary>
    public Task Over => over.Task;

    /// <summary>Why nothing is known of the job any more; null while something is.</summary>
    public string? Lost { get; private set; }

    public bool IsOver => over.Task.IsCompleted;

    /// <summary>Completes when the read model has something new of the job.</summary>
    public Task NextChange => changes.Next;

    public void Apply(string executor, ExecutorState state)
    {
        if (!executors.Contains(executor))
            return;
        var wasOpen = !states.TryGetValue(executor, out var before) || before.Event.Kind == JobEventKind.Start;
        states[executor] = state;
        if (state.Time > Updated)
            Updated = state.Time;
        if (wasOpen && state.Event.Kind != JobEventKind.Start)
            Interlocked.Decrement(ref open);
    }

    /// <summary>Lets those who wait see what was applied.</summary>
    public void Show()
    {
        known.TrySetResult();
        if (Volatile.Read(ref open) == 0)
            over.TrySetResult();
        changes.Beat();
    }

    /// <summary>It was deleted, or its log was made anew, which is said: nothing will happen to it any more.</summary>
    public void Vanish(string? lost = null)
    {
        Lost = lost;
        known.TrySetResult();
        over.TrySetResult();
        changes.Beat();
    }
}
