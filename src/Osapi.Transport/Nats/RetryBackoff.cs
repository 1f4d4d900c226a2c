namespace Osapi.Transport.Nats;

/// <summary>Growing delays between attempts, with jitter, so that a thousand agents do not retry at the same instant.</summary>
internal sealed class RetryBackoff(TimeProvider time, TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    private TimeSpan next = First;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var delay = next * (0.5 + Random.Shared.NextDouble());
        next = next * 2 < longest ? next * 2 : longest;
        return Task.Delay(delay, time, cancellationToken);
    }

    public void Reset() => next = First;
}
