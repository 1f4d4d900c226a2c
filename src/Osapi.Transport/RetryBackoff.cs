namespace Osapi.Transport;

/// <summary>The delays between attempts: each twice as long as the one before, up to a longest one.</summary>
/// <param name="time">The time.</param>
/// <param name="first">The first delay.</param>
/// <param name="max">The longest delay.</param>
/// <param name="hasJitter">True for delays of half to one and a half times their length, so that a thousand agents do not come back in the same instant.</param>
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

    /// <summary>Begins with the first delay again.</summary>
    public void Reset() => next = null;
}
