namespace Osapi.Agent.Jobs;

/// <summary>Bounds how many jobs run at once; whoever asked first is served first.</summary>
internal sealed class Slots(int count) : IDisposable
{
    private readonly SemaphoreSlim free = new(count);
    private CancellationTokenSource wanted = new();

    /// <summary>
    /// Cancelled when somebody has to wait for a slot. Whoever holds one without a job yet, because it waits for the
    /// queue, looks at this before it takes the slot and gives it back then.
    /// </summary>
    public CancellationToken Wanted => Volatile.Read(ref wanted).Token;

    /// <summary>Waits for a slot; disposing what comes back frees it.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        if (!await free.WaitAsync(0, cancellationToken))
        {
            await Interlocked.Exchange(ref wanted, new()).CancelAsync();
            await free.WaitAsync(cancellationToken);
        }

        return new Slot(free);
    }

    public void Dispose()
    {
        wanted.Dispose();
        free.Dispose();
    }

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? held = free;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
