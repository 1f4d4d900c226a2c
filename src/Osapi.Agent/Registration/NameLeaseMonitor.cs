namespace Osapi.Agent.Registration;

/// <summary>
/// Finds out whether the name is still this agent's before it starts a job, when there is reason to doubt it: it was frozen, and
/// another agent that was not answered has taken the name meanwhile; or another asks for it.
/// </summary>
/// <param name="record">What is known of this agent.</param>
/// <param name="time">The time.</param>
/// <param name="stopping">Ends it.</param>
internal sealed class NameLeaseMonitor(AgentRegistration record, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    // An agent asks for a name for a second before it takes it: a shorter gap is none that cost it the name.
    private static readonly TimeSpan MaxGap = TimeSpan.FromMilliseconds(900);

    private readonly Lock gate = new();
    private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastTick = time.GetTimestamp();
    private bool isInDoubt;
    private Task looking = Task.CompletedTask;

    /// <summary>Watches for gaps in the agent's own time, until it is stopped.</summary>
    /// <exception cref="NameTakenException">The name is another's.</exception>
    public async Task RunAsync()
    {
        var ticking = TickAsync();
        await Task.WhenAny(ticking, lost.Task);
        // Whoever found out first, this is the reason why the agent cannot go on.
        await (lost.Task.IsCompleted ? lost.Task : ticking);
    }

    /// <summary>Gives reason to look before the next job starts.</summary>
    public void RequireCheck()
    {
        lock (gate)
            isInDoubt = true;
    }

    /// <summary>Completes when the name is known to be this agent's.</summary>
    /// <exception cref="OperationCanceledException">It is another's, and the agent stops; or it was cancelled.</exception>
    public Task ConfirmAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            isInDoubt |= time.GetElapsedTime(Volatile.Read(ref lastTick)) > MaxGap;
            if (isInDoubt && looking.IsCompleted)
            {
                isInDoubt = false;
                looking = CheckAsync();
            }

            return looking.IsCompletedSuccessfully ? Task.CompletedTask : looking.WaitAsync(cancellationToken);
        }
    }

    private async Task TickAsync()
    {
        using PeriodicTimer timer = new(TickInterval, time);
        do
        {
            await ConfirmAsync(stopping);
            Volatile.Write(ref lastTick, time.GetTimestamp());
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task CheckAsync()
    {
        try
        {
            await record.RefreshAsync(stopping);
        }
        catch (NameTakenException exception)
        {
            lost.TrySetException(exception);
            throw new OperationCanceledException(exception.Message, exception);
        }
    }
}
