namespace Osapi.Controller.Jobs.Active;

/// <summary>
/// An asynchronous signal that wakes all waiters. A caller that gets <see cref="WaitAsync"/> before it checks its
/// condition misses nothing.
/// </summary>
internal sealed class AsyncSignal
{
    private TaskCompletionSource next = NewSource();

    public Task WaitAsync => Volatile.Read(ref next).Task;

    public void Set() => Interlocked.Exchange(ref next, NewSource()).SetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
