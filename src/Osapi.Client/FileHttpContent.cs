using System.Net;
using System.Net.Http.Headers;
using Osapi.Operations.Files;

namespace Osapi.Client;

/// <summary>
/// The content of a file as a part of a form. A large file is sent with its length at the start, and never more than that, even when
/// the file grows meanwhile. A small file is sent to its end without a length, because generated files, as in /proc, report no size.
/// </summary>
internal sealed class FileHttpContent : HttpContent
{
    private const long MaxSizeWithoutLength = 1L << 20;
    private const int BufferSize = 64 * 1024;

    private readonly Stream stream;
    private readonly string name;
    private readonly long? length;

    /// <param name="file">The file.</param>
    /// <param name="member">The request member with the file's path, for error messages.</param>
    /// <exception cref="ValidationException">The file cannot be opened.</exception>
    public FileHttpContent(LocalFile file, string member)
    {
        name = $"{member}: {file}";
        try
        {
            stream = file.Open();
            length = stream.CanSeek && stream.Length - stream.Position is > MaxSizeWithoutLength and var size ? size : null;
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
        var buffer = new byte[BufferSize];
        long sent = 0;
        while (length is not { } total || sent < total)
        {
            var count = await ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, (length ?? long.MaxValue) - sent)), cancellationToken).ConfigureAwait(false);
            if (count == 0)
                break;
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            sent += count;
        }

        if (sent < length)
            throw new ValidationException($"{name} became shorter while it was sent: {sent} of {length} bytes were read; nothing was stored");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }

    // Otherwise an error of the file would be reported as an error of the connection.
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
        // The framework reports this as a lack of permission.
        _ when Directory.Exists(file.Value) => "it is a directory",
        _ => exception.Message,
    };
}
