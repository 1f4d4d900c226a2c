using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Osapi.Transport;

namespace Osapi.Controller.Limits;

/// <summary>Reads bodies of requests into memory, within limits of size, time and memory.</summary>
internal sealed class RequestBodies(ControllerOptions options, TimeProvider time)
{
    // Every request may use this much; only the excess is counted.
    private const int Free = 16 * 1024;

    // A larger body takes the announced length at once, or is refused: buffers that it outgrows, or has when it is refused later, would be
    // garbage that a heap of large objects keeps for a while.
    private const int StepwiseLimit = 256 * 1024;

    private readonly Quota memory = new(
        Math.Max(options.Limits.BodyMemoryBytes / 2, options.MaxRequestBytes), Math.Max(options.Limits.BodyMemoryBytes, options.MaxRequestBytes));

    /// <summary>Reads a body and passes it to a parser; afterwards its memory is released.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The maximum size in bytes.</param>
    /// <param name="read">Parses the body.</param>
    /// <exception cref="BadHttpRequestException">The body is too large, or did not arrive in time.</exception>
    /// <exception cref="LimitException">There is no memory for it at the moment.</exception>
    public async Task<T> ReadAsync<T>(HttpRequest request, long maxBytes, Func<ReadOnlyMemory<byte>, T> read)
    {
        BodyLimits.Apply(request, maxBytes);
        var caller = Caller.Of(request.HttpContext);
        long taken = 0;
        try
        {
            using CancellationTokenSource deadline = new(options.Limits.BodyTimeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, request.HttpContext.RequestAborted);
            var buffer = Array.Empty<byte>();
            var length = 0;
            while (true)
            {
                var result = await ReadAsync(request, deadline, linked.Token);
                if (length + result.Buffer.Length > buffer.Length)
                {
                    var needed = length + result.Buffer.Length;
                    var wanted = (int)(needed > StepwiseLimit && request.ContentLength is { } announced
                        ? Math.Max(announced, needed)
                        : Math.Min(Math.Max(needed, Math.Max(Free, 2L * buffer.Length)), Math.Max(request.ContentLength ?? maxBytes, needed)));
                    if (Math.Max(0, wanted - Free) - taken is > 0 and var additional)
                    {
                        var granted = memory.Acquire(caller, additional);
                        if (granted != QuotaAnswer.Granted)
                            throw LimitException.Of(granted, "bodies in memory", "large requests at once");
                        taken += additional;
                    }

                    Array.Resize(ref buffer, wanted);
                }

                foreach (var segment in result.Buffer)
                {
                    segment.Span.CopyTo(buffer.AsSpan(length));
                    length += segment.Length;
                }

                request.BodyReader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return read(buffer.AsMemory(0, length));
            }
        }
        finally
        {
            if (taken > 0)
            {
                memory.Release(caller, taken);
                HeapTrimmer.Released(taken);
            }
        }
    }

    private static async Task<ReadResult> ReadAsync(HttpRequest request, CancellationTokenSource deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await request.BodyReader.ReadAsync(cancellationToken);
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
}
