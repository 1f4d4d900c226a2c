using Osapi.Operations.Files;

namespace Osapi.Client;

/// <summary>The body of a response; disposing it disposes the response. A broken connection is reported as <see cref="ConnectionException"/>.</summary>
internal sealed class ResponseStream(HttpResponseMessage response, Stream body, Uri url) : ForwardOnlyStream
{
    public override long Length => response.Content.Headers.ContentLength ?? throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return body.Read(buffer, offset, count);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new ConnectionException(url, exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new ConnectionException(url, exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
