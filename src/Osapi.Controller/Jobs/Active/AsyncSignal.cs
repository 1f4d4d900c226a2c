namespace Osapi.Controller.Jobs.Active;

/// <summary>Wakes everybody who waits for the next beat. Whoever takes <see cref="WaitAsync"/> before looking misses nothing.</summary>
internal sealed class AsyncSignal
{
    private TaskCompletionSource next = NewSource();

    public Task WaitAsync => Volatile.Read(ref next).Task;

    public void Set() => Interlocked.Exchange(ref next, NewSource()).SetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
