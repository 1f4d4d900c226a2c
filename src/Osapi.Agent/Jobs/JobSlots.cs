namespace Osapi.Agent.Jobs;

/// <summary>Limits the number of concurrent jobs.</summary>
/// <remarks>
/// Commands to this host get slots in order of arrival; the queue gets the rest. While the queue waits for a job its
/// slot is only borrowed, and a command that finds no other requests it back.
/// </remarks>
internal sealed class JobSlots(int count) : IDisposable
{
    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource<Slot>> commands = [];
    private int free = count > 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "An agent needs at least one slot.");
    private TaskCompletionSource<Slot>? spareWaiter;
    private Slot? borrowed;

    /// <summary>Acquires a slot for a command; disposing it frees it.</summary>
    public Task<Slot> AcquireAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<Slot> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Slot? requested;
        lock (gate)
        {
            commands.AddLast(turn);
            Serve();
            requested = turn.Task.IsCompleted ? null : borrowed;
        }

        requested?.RequestBack();
        return WaitAsync(turn, cancellationToken);
    }

    /// <summary>Acquires a slot for the queue, once no command waits. Only one is borrowed at a time.</summary>
    public Task<Slot> AcquireSpareAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<Slot> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            spareWaiter = turn;
            Serve();
        }

        return WaitAsync(turn, cancellationToken);
    }

    public void Dispose() => borrowed?.Dispose();

    private void Serve()
    {
        while (free > 0 && commands.First is { } first)
        {
            free--;
            commands.RemoveFirst();
            first.Value.SetResult(new(this));
        }

        if (free == 0 || spareWaiter is not { } waiting)
            return;
        free--;
        spareWaiter = null;
        borrowed = new(this);
        waiting.SetResult(borrowed);
    }

    private async Task<Slot> WaitAsync(TaskCompletionSource<Slot> turn, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister((_, token) => CancelWait(turn, token), null))
            return await turn.Task;
    }

    private void CancelWait(TaskCompletionSource<Slot> turn, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // False when it has just been granted the slot, which it then keeps.
            if (!commands.Remove(turn) && spareWaiter != turn)
                return;
            if (spareWaiter == turn)
                spareWaiter = null;
            turn.SetCanceled(cancellationToken);
        }
    }

    private void Promote(Slot slot)
    {
        lock (gate)
            if (borrowed == slot)
                borrowed = null;
    }

    private void Free(Slot slot)
    {
        lock (gate)
        {
            if (borrowed == slot)
                borrowed = null;
            free++;
            Serve();
        }
    }

    /// <summary>An acquired slot.</summary>
    internal sealed class Slot(JobSlots slots) : IDisposable
    {
        private readonly CancellationTokenSource wanted = new();
        private JobSlots? owner = slots;

        /// <summary>The token that is cancelled when a borrowed slot is requested back.</summary>
        public CancellationToken IsRequestedBack => wanted.Token;

        /// <summary>
        /// Turns the borrowed slot into a regular one, because a job was found for it; it is not requested back any
        /// more.
        /// </summary>
        /// <returns>The regular slot; this instance is no longer used.</returns>
        public Slot Promote()
        {
            var from = Interlocked.Exchange(ref owner, null) ?? throw new ObjectDisposedException(nameof(Slot));
            from.Promote(this);
            return new(from);
        }

        public void RequestBack() => wanted.Cancel();

        public void Dispose()
        {
            Interlocked.Exchange(ref owner, null)?.Free(this);
            // Not disposed: it has no timer or wait handle, and disposing would race with a request.
        }
    }
}
