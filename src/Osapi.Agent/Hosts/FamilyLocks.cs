namespace Osapi.Agent.Hosts;

/// <summary>The locks of a host: one for each family whose operations must not run at the same time, such as package.</summary>
/// <remarks>
/// A lock is fair: operations get it in the order in which they asked. Waiting counts against the operation's own time limit.
/// The locks hold within one agent; against other programs, the tools have locks of their own.
/// </remarks>
internal sealed class FamilyLocks
{
    private readonly Lock gate = new();

    // A family that is in here is locked; its list holds those that wait.
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> families = new(StringComparer.Ordinal);

    /// <summary>Waits until no other operation of the family runs. The lock is held until it is disposed.</summary>
    /// <param name="family">The family.</param>
    /// <param name="host">The host, for its clock.</param>
    /// <param name="cancellationToken">Gives up the place in the queue.</param>
    /// <exception cref="FamilyLockCanceledException">It was cancelled before it had the lock.</exception>
    public async Task<FamilyLock> AcquireAsync(string family, Host host, CancellationToken cancellationToken)
    {
        var begin = host.Time.GetTimestamp();
        var place = Enqueue(family);
        if (place is not null)
        {
            await using var registration = cancellationToken.UnsafeRegister(static (state, token) =>
            {
                var (locks, family, place) = ((FamilyLocks, string, LinkedListNode<TaskCompletionSource>))state!;
                locks.Leave(family, place, token);
            }, (this, family, place));
            try
            {
                await place.Value.Task;
            }
            catch (OperationCanceledException)
            {
                throw new FamilyLockCanceledException(family, cancellationToken);
            }
        }
        else if (cancellationToken.IsCancellationRequested)
        {
            Release(family);
            throw new FamilyLockCanceledException(family, cancellationToken);
        }

        return new(() => Release(family), place is null ? TimeSpan.Zero : host.Time.GetElapsedTime(begin));
    }

    private LinkedListNode<TaskCompletionSource>? Enqueue(string family)
    {
        lock (gate)
        {
            if (families.TryGetValue(family, out var waiting))
                return waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            families.Add(family, []);
            return null;
        }
    }

    // The thread that takes a place out of the list decides its end, so a lock never goes to an operation that has left.
    private void Leave(string family, LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (place.List is null)
                return;
            families[family].Remove(place);
        }

        place.Value.SetCanceled(cancellationToken);
    }

    private void Release(string family)
    {
        LinkedListNode<TaskCompletionSource>? next;
        lock (gate)
        {
            next = families[family].First;
            if (next is null)
                families.Remove(family);
            else
                families[family].RemoveFirst();
        }

        next?.Value.SetResult();
    }
}
