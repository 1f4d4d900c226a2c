namespace Osapi.Agent.Registration;

/// <summary>
/// Controls whether this agent takes new work from the queue. It starts closed, until the roster has been read.
/// </summary>
internal sealed class QueueGate : IDisposable
{
    private readonly Lock gate = new();
    private TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? closing;

    /// <summary>Waits until work may be taken, and returns a token that is cancelled when it may no longer.</summary>
    public async Task<CancellationToken> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task opened;
            lock (gate)
            {
                if (closing is not null)
                    return closing.Token;
                opened = open.Task;
            }

            await opened.WaitAsync(cancellationToken);
        }
    }

    public void Open()
    {
        lock (gate)
        {
            closing ??= new();
            open.TrySetResult();
        }
    }

    public void Close()
    {
        CancellationTokenSource? closed;
        lock (gate)
        {
            closed = closing;
            closing = null;
            if (closed is not null)
                open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // Not under the lock, because continuations run here. The source has no timer and no handle, so it need not be disposed.
        closed?.Cancel();
    }

    public void Dispose() => Close();
}
