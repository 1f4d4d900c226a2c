namespace Osapi.Orchestrator.Engine;

/// <summary>
/// Where the rest of an async hook runs. Such a hook is an async void method: without a context of ours an exception in it
/// would end the process, and nobody would know when it has ended.
/// </summary>
internal sealed class HookContext(HookDelivery delivery, string hook, string? task) : SynchronizationContext
{
    public override void OperationStarted() => delivery.AsyncHookStarted();

    public override void OperationCompleted() => delivery.AsyncHookEnded();

    // Counted as well: the exception of an async hook is posted just before the hook counts as ended.
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
