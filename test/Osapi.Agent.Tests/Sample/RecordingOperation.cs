using System.Collections.Concurrent;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;

namespace Osapi.Agent.Tests.Sample;

/// <summary>The handler of the test operations: counts the runs by name, and holds a run until it is released.</summary>
internal sealed class RecordingOperation
{
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly ConcurrentDictionary<string, Held> held = new();
    private int running;

    public HandlerTable Handlers => new()
    {
        { WorkOperations.Act, RunAsync },
        { WorkOperations.Ensure, RunAsync },
        { WorkOperations.Look, RunAsync },
        { WorkOperations.Glance, RunAsync },
    };

    /// <summary>The maximum number of concurrent runs.</summary>
    public int MaxConcurrent { get; private set; }

    public int Count(string name) => counts.GetValueOrDefault(name);

    public int Total => counts.Values.Sum();

    public Held Hold(string name, bool stubborn = false) => held[name] = new(stubborn);

    public void ReleaseAll()
    {
        foreach (var gate in held.Values)
            gate.Release();
    }

    private async Task<HandlerResult<WorkDone>> RunAsync(Work work, Host host, CancellationToken cancellationToken)
    {
        counts.AddOrUpdate(work.Name, 1, (_, count) => count + 1);
        lock (counts)
            MaxConcurrent = Math.Max(MaxConcurrent, ++running);
        try
        {
            if (held.TryGetValue(work.Name, out var gate))
                await gate.PassAsync(cancellationToken);
            return new WorkDone(work.Name, Changed: true, work.Size is { } size ? new('x', size) : null);
        }
        finally
        {
            lock (counts)
                running--;
        }
    }

    /// <summary>A held run; a <paramref name="stubborn"/> one also waits when it is cancelled.</summary>
    internal sealed class Held(bool stubborn)
    {
        private readonly TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => began.Task;

        /// <summary>The task that completes when the run is cancelled.</summary>
        public Task Cancelled => cancelled.Task;

        public void Release() => released.TrySetResult();

        public async Task PassAsync(CancellationToken cancellationToken)
        {
            // Not disposed: an awaiting test may continue first, and would remove this callback before it is called.
            _ = cancellationToken.UnsafeRegister(_ => cancelled.TrySetResult(), null);
            began.TrySetResult();
            await released.Task.WaitAsync(stubborn ? CancellationToken.None : cancellationToken);
        }
    }
}
