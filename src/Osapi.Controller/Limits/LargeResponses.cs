using Microsoft.AspNetCore.Http;
using Osapi.Controller.Jobs.Active;

namespace Osapi.Controller.Limits;

/// <summary>
/// Bounds how many answers with results that are kept as objects are in memory at once. Such an answer stays there until its
/// caller has read it, however slowly. One that is too many waits for its turn, for a time.
/// </summary>
internal sealed class LargeResponses(TimeProvider time)
{
    /// <summary>The most of one caller.</summary>
    public const int MaxPerCaller = 2;

    /// <summary>The most of all callers.</summary>
    public const int MaxInTotal = 4;

    /// <summary>The time that one waits for its turn.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Quota quota = new(MaxPerCaller, MaxInTotal);
    private readonly AsyncSignal returned = new();

    /// <summary>Completes when an answer may be read into memory; its place is free again when the answer has been sent.</summary>
    /// <exception cref="LimitException">There was no place in time; the answer can be read later.</exception>
    public async Task EnterAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        using CancellationTokenSource deadline = new(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        while (true)
        {
            var next = returned.WaitAsync;
            var granted = quota.Acquire(caller, 1);
            if (granted == QuotaAnswer.Granted)
                break;
            try
            {
                await next.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                throw LimitException.Of(granted, "large answers", "large answers at once");
            }
        }

        context.Response.RegisterForDispose(new Place(this, caller));
    }

    private sealed class Place(LargeResponses answers, string caller) : IDisposable
    {
        public void Dispose()
        {
            answers.quota.Release(caller, 1);
            answers.returned.Set();
        }
    }
}
