namespace Osapi.Agent.Registration;

/// <summary>Whether this agent takes new work from the queue. It begins closed: what an operator said is looked at first.</summary>
internal sealed class QueueGate : IDisposable
{
    private readonly Lock gate = new();
    private TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? closing;

    /// <summary>Completes when work may be taken, with a token that is cancelled when it may no longer.</summary>
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
        CancellationTokenSource? told;
        lock (gate)
        {
            told = closing;
            closing = null;
            if (told is not null)
                open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // Not under the lock: whoever waits runs here. It has no timer and no handle, so nobody must dispose it.
        told?.Cancel();
    }

    public void Dispose() => Close();
}
