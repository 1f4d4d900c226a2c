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
    private int free = count > 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "An agent without a slot runs nothing.");
    private TaskCompletionSource<Slot>? borrower;
    private Slot? lent;

    /// <summary>Acquires a slot for a command; disposing it frees it.</summary>
    public Task<Slot> AcquireAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<Slot> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Slot? askedBack;
        lock (gate)
        {
            commands.AddLast(turn);
            Serve();
            askedBack = turn.Task.IsCompleted ? null : lent;
        }

        askedBack?.RequestBack();
        return WaitAsync(turn, cancellationToken);
    }

    /// <summary>Acquires a slot for the queue, once no command waits. Only one is borrowed at a time.</summary>
    public Task<Slot> AcquireSpareAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<Slot> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            borrower = turn;
            Serve();
        }

        return WaitAsync(turn, cancellationToken);
    }

    public void Dispose() => lent?.Dispose();

    private void Serve()
    {
        while (free > 0 && commands.First is { } first)
        {
            free--;
            commands.RemoveFirst();
            first.Value.SetResult(new(this));
        }

        if (free == 0 || borrower is not { } waiting)
            return;
        free--;
        borrower = null;
        lent = new(this);
        waiting.SetResult(lent);
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
            if (!commands.Remove(turn) && borrower != turn)
                return;
            if (borrower == turn)
                borrower = null;
            turn.SetCanceled(cancellationToken);
        }
    }

    private void Promote(Slot slot)
    {
        lock (gate)
            if (lent == slot)
                lent = null;
    }

    private void Free(Slot slot)
    {
        lock (gate)
        {
            if (lent == slot)
                lent = null;
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
