namespace Osapi.Agent.Jobs;

/// <summary>
/// Bounds how many jobs run at once. Commands to this host are served in the order in which they asked. The queue gets
/// what they leave: while it waits for a job its slot is only lent, and a command that finds no other asks it back.
/// </summary>
internal sealed class JobSlots(int count) : IDisposable
{
    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource<Slot>> commands = [];
    private int free = count > 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "An agent without a slot runs nothing.");
    private TaskCompletionSource<Slot>? borrower;
    private Slot? lent;

    /// <summary>A slot for a command; disposing it frees it.</summary>
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

    /// <summary>A slot for whoever waits for the queue, once no command wants it. Only one is lent at a time.</summary>
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
            // False when its turn has just come: it then has the slot.
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

    /// <summary>A slot that somebody has.</summary>
    internal sealed class Slot(JobSlots slots) : IDisposable
    {
        private readonly CancellationTokenSource wanted = new();
        private JobSlots? owner = slots;

        /// <summary>Cancelled when a lent slot is wanted back.</summary>
        public CancellationToken IsRequestedBack => wanted.Token;

        /// <summary>A job was found for the lent slot: it is not asked back any more.</summary>
        /// <returns>The slot; this one is done with.</returns>
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
            // It has no timer and nobody waits on its handle: what disposes it may race with who asks back.
        }
    }
}
