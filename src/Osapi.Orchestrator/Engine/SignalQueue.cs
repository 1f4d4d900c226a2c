using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// The signals to the loop of a run, in the order in which they were posted. Any thread may post; only the loop takes, and awaits the queue
/// when it is empty.
/// </summary>
/// <remarks>
/// A stack that the loop takes as a whole and turns over: one atomic operation for each signal, where a channel has a lock, and no memory.
/// Signals are a good part of the cost of a small task.
/// </remarks>
internal sealed class SignalQueue : ICriticalNotifyCompletion, IThreadPoolWorkItem
{
    // On the stack instead of a signal while the loop waits.
    private static readonly Signal LoopWaits = new AbortedSignal();

    // The newest first.
    private Signal? posted;

    // The oldest first.
    private Signal? taken;
    private Action? loop;

    public bool IsCompleted => taken is not null || Volatile.Read(ref posted) is not null;

    public void Post(Signal signal)
    {
        while (true)
        {
            var newest = Volatile.Read(ref posted);
            signal.Link = newest == LoopWaits ? null : newest;
            if (Interlocked.CompareExchange(ref posted, signal, newest) != newest)
                continue;
            if (newest == LoopWaits)
                Wake();
            return;
        }
    }

    public bool TryTake([NotNullWhen(true)] out Signal? signal)
    {
        if (taken is null && Volatile.Read(ref posted) is not null)
            taken = Reversed(Interlocked.Exchange(ref posted, null));
        signal = taken;
        if (signal is null)
            return false;
        taken = signal.Link;
        signal.Link = null;
        return true;
    }

    public SignalQueue GetAwaiter() => this;

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        loop = continuation;
        if (Interlocked.CompareExchange(ref posted, LoopWaits, null) is not null)
            Wake();
    }

    public void GetResult()
    {
    }

    // On the thread pool: the thread that posts may be one of user code, which must not have to wait for the loop.
    private void Wake() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => loop!();

    private static Signal? Reversed(Signal? signal)
    {
        Signal? oldest = null;
        while (signal is not null)
            (oldest, signal.Link, signal) = (signal, oldest, signal.Link);
        return oldest;
    }
}
