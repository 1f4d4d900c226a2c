namespace Osapi.Agent.Registration;

/// <summary>
/// Checks before each job starts that this agent still owns its name, when there is reason for doubt: it was suspended,
/// so that another agent may have taken the name meanwhile, or another agent claims it.
/// </summary>
/// <param name="record">The record of this agent.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Ends the monitor.</param>
internal sealed class NameLeaseMonitor(AgentRegistration record, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    // An agent waits a second for an answer before it takes a name: a shorter gap cannot have cost the name.
    private static readonly TimeSpan MaxGap = TimeSpan.FromMilliseconds(900);

    private readonly Lock gate = new();
    private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastTick = time.GetTimestamp();
    private bool needsCheck;
    private Task check = Task.CompletedTask;

    /// <summary>Monitors gaps in the agent's own execution, until it is stopped.</summary>
    /// <exception cref="NameTakenException">Another agent owns the name.</exception>
    public async Task RunAsync()
    {
        var ticking = TickAsync();
        await Task.WhenAny(ticking, lost.Task);
        // The lost name is the cause of the stop, whichever check found it.
        await (lost.Task.IsCompleted ? lost.Task : ticking);
    }

    /// <summary>Requests a check before the next job starts.</summary>
    public void RequireCheck()
    {
        lock (gate)
            needsCheck = true;
    }

    /// <summary>Completes when the name is confirmed.</summary>
    /// <exception cref="OperationCanceledException">
    /// Another agent owns the name, and this one stops; or it was cancelled.
    /// </exception>
    public Task ConfirmAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            needsCheck |= time.GetElapsedTime(Volatile.Read(ref lastTick)) > MaxGap;
            if (needsCheck && check.IsCompleted)
            {
                needsCheck = false;
                check = CheckAsync();
            }

            return check.IsCompletedSuccessfully ? Task.CompletedTask : check.WaitAsync(cancellationToken);
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
