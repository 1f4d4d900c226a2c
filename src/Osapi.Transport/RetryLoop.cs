namespace Osapi.Transport;

/// <summary>Runs work through interruptions of the transport: a failed attempt is reported and repeated after a delay, until one succeeds or the work is cancelled.</summary>
/// <remarks>
/// All background work uses this loop. Only a <see cref="TransportException"/> is an interruption; every other exception ends the loop.
/// Each call has its own back-off, so that one instance serves work that runs at the same time.
/// </remarks>
/// <param name="time">The time.</param>
/// <param name="delay">The delay after the first failed attempt.</param>
/// <param name="maxDelay">The maximum to which the delay doubles; null for a constant delay.</param>
public sealed class RetryLoop(TimeProvider time, TimeSpan delay, TimeSpan? maxDelay = null)
{
    /// <summary>The action that each failed attempt calls, before the delay; null for none.</summary>
    public Action<TransportException>? Failed { get; init; }

    /// <summary>Runs work that returns nothing until it succeeds.</summary>
    /// <param name="attempt">One attempt.</param>
    /// <param name="log">
    /// Logs the reason of a failed attempt, once per outage: again only when the reason changes, or when an attempt lasted longer than the delay
    /// before it failed.
    /// </param>
    /// <param name="cancellationToken">Ends the loop between attempts and during the delay. An attempt must observe it itself.</param>
    public Task RunAsync(Func<Task> attempt, Action<string> log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return RunAsync(
            async () =>
            {
                await attempt();
                return true;
            },
            log,
            cancellationToken);
    }

    /// <summary>Runs work until it succeeds, and gets its result.</summary>
    /// <inheritdoc cref="RunAsync(Func{Task}, Action{string}, CancellationToken)"/>
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, Action<string> log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(log);
        RetryBackoff backoff = new(time, delay, maxDelay ?? delay);
        string? loggedReason = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var began = time.GetTimestamp();
            try
            {
                return await attempt();
            }
            catch (TransportException exception)
            {
                // Work that follows a log may run for hours before it fails.
                var lasted = time.GetElapsedTime(began) > backoff.Delay;
                if (lasted)
                    backoff.Reset();
                if (lasted || exception.Message != loggedReason)
                    log(exception.Message);
                loggedReason = exception.Message;
                Failed?.Invoke(exception);
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }
}
