using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Limits;

/// <summary>The body of an upload, which may take any time while it makes progress.</summary>
internal sealed class TimedRequestBody : Stream
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

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            deadline.Dispose();
        base.Dispose(disposing);
    }
}
