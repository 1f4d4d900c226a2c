using System.Security.Cryptography;
using Osapi.Operations;
using Osapi.Operations.Checks;

namespace Osapi.Controller.Files;

/// <summary>
/// Where uploads wait until they are whole: only then it is known whether they differ from what is stored. On the disk, not
/// in memory, and without a name, so that nothing is left behind whatever dies.
/// </summary>
internal sealed class UploadSpool(string directory)
{
    private const int Chunk = 128 * 1024;

    /// <summary>Reads content to its end.</summary>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ReceivedContent> ReceiveAsync(Stream content, CancellationToken cancellationToken)
    {
        var file = Create();
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[Chunk];
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                await WriteAsync(file, buffer.AsMemory(0, count), cancellationToken);
            }

            return new(file, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private FileStream Create()
    {
        try
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var path = Path.Combine(directory, Guid.NewGuid().ToString("N"));
            FileStream file = new(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            File.Delete(path);
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotKeep(exception);
        }
    }

    // Otherwise a full disk of the controller would be told as a mistake of the form.
    private static OperationException CannotKeep(Exception exception) => new(ErrorType.Unavailable, $"the controller cannot keep the upload: {exception.Message}");

    private static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw CannotKeep(exception);
        }
    }
}

/// <summary>Content that was received whole.</summary>
internal sealed class ReceivedContent(FileStream file, string sha256) : IAsyncDisposable
{
    public string Sha256 => sha256;

    public long Size => file.Length;

    /// <summary>The content as a check compares it.</summary>
    public async Task<FileVersion> VersionAsync(CancellationToken cancellationToken)
    {
        if (Size > ContentDiff.MaxSize)
            return new(Size, sha256, Bytes: null);
        var bytes = new byte[Size];
        await Open().ReadExactlyAsync(bytes, cancellationToken);
        return new(Size, sha256, bytes);
    }

    /// <summary>The content from its beginning; it is this object's, and closed with it.</summary>
    public Stream Open()
    {
        file.Position = 0;
        return file;
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
