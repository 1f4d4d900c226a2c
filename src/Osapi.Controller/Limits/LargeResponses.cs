using Microsoft.AspNetCore.Http;
using Osapi.Controller.Jobs.Active;

namespace Osapi.Controller.Limits;

/// <summary>Limits the number of responses in memory whose results are stored as objects.</summary>
/// <remarks>
/// Such a response stays in memory until its caller has read it, however slowly. Beyond the limit, a response waits for
/// its turn.
/// </remarks>
internal sealed class LargeResponses(TimeProvider time)
{
    /// <summary>The maximum number per caller.</summary>
    public const int MaxPerCaller = 2;

    /// <summary>The maximum number in total.</summary>
    public const int MaxInTotal = 4;

    /// <summary>The maximum wait for a turn.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Quota quota = new(MaxPerCaller, MaxInTotal);
    private readonly AsyncSignal returned = new();

    /// <summary>
    /// Waits until a response may be loaded into memory; its place is released when the response has been sent.
    /// </summary>
    /// <exception cref="LimitException">There was no place in time; the response can be read later.</exception>
    public async Task EnterAsync(HttpContext context)
    {
        // One place for a response, whatever it loads.
        if (!context.Items.TryAdd(typeof(LargeResponses), true))
            return;
        var caller = Caller.Of(context);
        using CancellationTokenSource deadline = new(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        while (true)
        {
            var next = returned.WaitAsync;
            var granted = quota.Acquire(caller, 1);
            if (granted == QuotaAnswer.Granted)
                break;
            try
            {
                await next.WaitAsync(linked.Token);
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
