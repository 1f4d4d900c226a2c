namespace Osapi.Transport;

/// <summary>The delays between attempts: each is twice as long as the previous one, up to a maximum.</summary>
/// <param name="time">The time.</param>
/// <param name="first">The first delay.</param>
/// <param name="max">The maximum delay.</param>
/// <param name="hasJitter">True to vary each delay at random between half and one and a half times its length, so that a thousand agents do not reconnect at the same instant.</param>
internal sealed class RetryBackoff(TimeProvider time, TimeSpan first, TimeSpan max, bool hasJitter = false)
{
    private TimeSpan? next;

    /// <summary>The next delay, without jitter.</summary>
    public TimeSpan Delay => next ?? first;

    /// <summary>Creates the delays for a broker: 50 ms at first, with jitter.</summary>
    public static RetryBackoff ForBroker(TimeProvider time, TimeSpan max) => new(time, TimeSpan.FromMilliseconds(50), max, hasJitter: true);

    /// <summary>Waits for the next delay.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var delay = hasJitter ? Delay * (0.5 + Random.Shared.NextDouble()) : Delay;
        next = Delay * 2 < max ? Delay * 2 : max;
        return Task.Delay(delay, time, cancellationToken);
    }

    /// <summary>Resets the delay to the first one.</summary>
    public void Reset() => next = null;
}
