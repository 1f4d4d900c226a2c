using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Osapi.Orchestrator.Engine;

/// <summary>Runs asynchronous hooks one after the other, in the order of events, beside the loop of the plan.</summary>
internal sealed class HookQueue(ConcurrentQueue<HookError> errors)
{
    private readonly Channel<Call> calls = Channel.CreateUnbounded<Call>(new() { SingleReader = true, SingleWriter = true });
    private Task? running;

    /// <summary>Adds a call. Only the loop of the plan adds any.</summary>
    public void Add(string hook, string? task, Func<ValueTask> callAsync)
    {
        calls.Writer.TryWrite(new(hook, task, callAsync));
        // On the thread pool, so that the synchronous part of a hook does not block the loop.
        running ??= Task.Run(RunAsync);
    }

    /// <summary>Waits until every call has ended; nothing may be added any more.</summary>
    public Task FinishedAsync()
    {
        calls.Writer.Complete();
        return running ?? Task.CompletedTask;
    }

    private async Task RunAsync()
    {
        await foreach (var call in calls.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await call.CallAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                errors.Enqueue(new(call.Hook, call.Task, exception));
            }
        }
    }

    private sealed record Call(string Hook, string? Task, Func<ValueTask> CallAsync);
}
