using Microsoft.AspNetCore.Http;
using Osapi.Operations.Files;

namespace Osapi.Controller.Limits;

/// <summary>The body of an upload, which may take any time while it makes progress.</summary>
internal sealed class TimedRequestBody : ForwardOnlyStream
{
    /// <summary>The bytes that must arrive within the timeout, per second.</summary>
    public const int MinBytesPerSecond = 8 * 1024;

    private readonly HttpRequest request;
    private readonly TimeSpan timeout;
    private readonly CancellationTokenSource deadline;
    private int progress;

    /// <param name="request">The request.</param>
    /// <param name="timeout">The time within which it must make progress.</param>
    /// <param name="time">The clock.</param>
    public TimedRequestBody(HttpRequest request, TimeSpan timeout, TimeProvider time)
    {
        this.request = request;
        this.timeout = timeout;
        deadline = new(timeout, time);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var count = await request.Body.ReadAsync(buffer, linked.Token);
            if ((progress += count) >= MinBytesPerSecond)
            {
                progress = 0;
                deadline.CancelAfter(timeout);
            }

            return count;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw BodyLimits.TimedOut(request);
        }
        catch (IOException exception) when (BodyLimits.IsMalformed(exception))
        {
            throw BodyLimits.Malformed(exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            deadline.Dispose();
        base.Dispose(disposing);
    }
}
