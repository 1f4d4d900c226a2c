using System.Globalization;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Waits;

/// <summary>Repeats an attempt until it succeeds or the time is over.</summary>
/// <param name="host">The host.</param>
/// <param name="subject">The thing that is waited for, for the message, such as <c>port 80 of 127.0.0.1 is not open</c>.</param>
internal sealed class WaitLoop(Host host, string subject)
{
    public required TimeSpan Limit { get; init; }

    public required TimeSpan Interval { get; init; }

    public TimeSpan Delay { get; init; }

    /// <summary>The time that one attempt takes at most.</summary>
    public TimeSpan AttemptLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Waits.</summary>
    /// <param name="tryAsync">An attempt: null when it succeeded, else the reason.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The milliseconds and the number of attempts.</returns>
    /// <exception cref="OperationException">The time is over; in a check, the first attempt failed.</exception>
    public async Task<(long WaitedMs, int Attempts)> RunAsync(Func<CancellationToken, Task<string?>> tryAsync, CancellationToken cancellationToken)
    {
        var begin = host.Time.GetTimestamp();
        if (!host.IsCheck)
            await Task.Delay(Delay, host.Time, cancellationToken);
        for (var attempts = 1; ; attempts++)
        {
            var left = Limit - host.Time.GetElapsedTime(begin);
            var reason = await AttemptAsync(tryAsync, left < AttemptLimit ? left : AttemptLimit, cancellationToken);
            var waited = host.Time.GetElapsedTime(begin);
            if (reason is null)
                return ((long)waited.TotalMilliseconds, attempts);
            if (host.IsCheck)
                throw new OperationException(ErrorType.Conflict, $"{subject} at present: {reason}");
            if (waited + Interval >= Limit)
                throw new OperationException(ErrorType.Timeout, string.Create(CultureInfo.InvariantCulture, $"{subject} after {Limit.TotalSeconds:0} s and {attempts} {(attempts == 1 ? "attempt" : "attempts")}: {reason}"));
            await Task.Delay(Interval, host.Time, cancellationToken);
        }
    }

    private async Task<string?> AttemptAsync(Func<CancellationToken, Task<string?>> tryAsync, TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(limit > TimeSpan.Zero ? limit : TimeSpan.FromMilliseconds(1), host.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await tryAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.#} s");
        }
    }
}
