namespace Osapi.Controller.Jobs;

/// <summary>Wakes everybody who waits for the next beat. Whoever takes <see cref="Next"/> before looking misses nothing.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource next = Fresh();

    public Task Next => Volatile.Read(ref next).Task;

    public void Beat() => Interlocked.Exchange(ref next, Fresh()).SetResult();

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
