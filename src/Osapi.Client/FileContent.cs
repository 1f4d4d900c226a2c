using System.Net;
using System.Net.Http.Headers;
using Osapi.Operations.Files;

namespace Osapi.Client;

/// <summary>
/// The content of a file as a part of a form. A large one is announced, and as much is sent as was announced, however the
/// file grows meanwhile. A small one is sent to its end without being announced: what the kernel makes up, as in /proc,
/// has no size of its own.
/// </summary>
internal sealed class FileContent : HttpContent
{
    private const long Small = 1L << 20;
    private const int Chunk = 64 * 1024;

    private readonly Stream stream;
    private readonly string name;
    private readonly long? length;

    /// <param name="file">The file.</param>
    /// <param name="member">The member that names it, for errors.</param>
    /// <exception cref="ValidationException">It cannot be opened.</exception>
    public FileContent(LocalFile file, string member)
    {
        name = $"{member}: {file}";
        try
        {
            stream = file.Open();
            length = stream.CanSeek && stream.Length - stream.Position is > Small and var size ? size : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ValidationException($"{name} cannot be read: {Reason(file, exception)}");
        }

        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        long sent = 0;
        while (length is not { } announced || sent < announced)
        {
            var count = await ReadAsync(buffer.AsMemory(0, (int)Math.Min(Chunk, (length ?? long.MaxValue) - sent)), cancellationToken).ConfigureAwait(false);
            if (count == 0)
                break;
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            sent += count;
        }

        if (sent < length)
            throw new ValidationException($"{name} became shorter while it was sent: {sent} of {length} bytes were there; nothing was stored");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }

    // Otherwise an error of the file would be told as one of the connection.
    private async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ValidationException($"{name} cannot be read: {exception.Message}");
        }
    }

    private static string Reason(LocalFile file, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        // Which the framework calls a lack of permission.
        _ when Directory.Exists(file.Value) => "it is a directory",
        _ => exception.Message,
    };
}
