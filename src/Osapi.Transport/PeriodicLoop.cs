namespace Osapi.Transport;

/// <summary>Runs work at an interval until it is cancelled, which ends the loop without an exception.</summary>
/// <remarks>A round that takes longer than the interval delays the next one; rounds never overlap.</remarks>
public static class PeriodicLoop
{
    /// <summary>Runs a round after each interval; an exception of a round ends the loop.</summary>
    /// <param name="interval">The interval.</param>
    /// <param name="time">The time.</param>
    /// <param name="round">One round.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public static async Task RunAsync(TimeSpan interval, TimeProvider time, Func<CancellationToken, Task> round, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(round);
        using PeriodicTimer timer = new(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await round(cancellationToken);
        }
        catch (Exception ended) when (ended is OperationCanceledException || (ended is ObjectDisposedException && cancellationToken.IsCancellationRequested))
        {
            // During a stop, the resources of the round may be closed already.
        }
    }

    /// <summary>Runs a round after each interval; a round that the transport interrupts is reported, and the next one runs as scheduled.</summary>
    /// <param name="interval">The interval.</param>
    /// <param name="time">The time.</param>
    /// <param name="round">One round.</param>
    /// <param name="failed">Called for each round that was interrupted.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public static Task RunAsync(
        TimeSpan interval, TimeProvider time, Func<CancellationToken, Task> round, Action<TransportException> failed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(round);
        ArgumentNullException.ThrowIfNull(failed);
        return RunAsync(
            interval,
            time,
            async token =>
            {
                try
                {
                    await round(token);
                }
                catch (TransportException exception)
                {
                    failed(exception);
                }
            },
            cancellationToken);
    }
}
