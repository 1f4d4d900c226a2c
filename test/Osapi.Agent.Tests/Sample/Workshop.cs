using System.Collections.Concurrent;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;

namespace Osapi.Agent.Tests.Sample;

/// <summary>Does the work of tests: counts it by name, and holds what it was told to hold until that is released.</summary>
internal sealed class Workshop
{
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly ConcurrentDictionary<string, Held> held = new();
    private int running;

    public HandlerTable Handlers => new()
    {
        { WorkOperations.Act, DoAsync },
        { WorkOperations.Ensure, DoAsync },
        { WorkOperations.Look, DoAsync },
        { WorkOperations.Glance, DoAsync },
    };

    /// <summary>The most that ran at once.</summary>
    public int Most { get; private set; }

    public int Count(string name) => counts.GetValueOrDefault(name);

    public int Total => counts.Values.Sum();

    public Held Hold(string name, bool stubborn = false) => held[name] = new(stubborn);

    public void ReleaseAll()
    {
        foreach (var gate in held.Values)
            gate.Release();
    }

    private async Task<HandlerResult<WorkDone>> DoAsync(Work work, Host host, CancellationToken cancellationToken)
    {
        counts.AddOrUpdate(work.Name, 1, (_, count) => count + 1);
        lock (counts)
            Most = Math.Max(Most, ++running);
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

    /// <summary>Work that waits; <paramref name="stubborn"/> work waits also when it is cancelled.</summary>
    internal sealed class Held(bool stubborn)
    {
        private readonly TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => began.Task;

        /// <summary>Completes at the instant in which the work is told to stop.</summary>
        public Task Cancelled => cancelled.Task;

        public void Release() => released.TrySetResult();

        public async Task PassAsync(CancellationToken cancellationToken)
        {
            // Not disposed: whoever waits below may be told first, and would take this back before it is called.
            _ = cancellationToken.UnsafeRegister(_ => cancelled.TrySetResult(), null);
            began.TrySetResult();
            await released.Task.WaitAsync(stubborn ? CancellationToken.None : cancellationToken);
        }
    }
}
