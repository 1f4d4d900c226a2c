namespace Osapi.Orchestrator.Engine;

/// <summary>
/// The synchronization context of async hooks. Such a hook is an async void method: without this context its exception would end the
/// process, and its end could not be observed.
/// </summary>
internal sealed class HookContext(HookDelivery delivery, string hook, string? task) : SynchronizationContext
{
    public override void OperationStarted() => delivery.AsyncHookStarted();

    public override void OperationCompleted() => delivery.AsyncHookEnded();

    // Posted work is counted, too: the exception of an async hook is posted just before the hook counts as ended.
    public override void Post(SendOrPostCallback d, object? state)
    {
        delivery.AsyncHookStarted();
        ThreadPool.QueueUserWorkItem(_ => Call(d, state));
    }

    private void Call(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            delivery.Errors.Enqueue(new(hook, task, exception));
        }

        delivery.AsyncHookEnded();
    }
}
