using System.Security.Cryptography;
using Osapi.Operations;
using Osapi.Operations.Checks;

namespace Osapi.Controller.Files;

/// <summary>Stores uploads until they are complete, because only then they can be compared with the stored file.</summary>
/// <remarks>The temporary file is on the disk and has no name, so that nothing is left behind after a crash.</remarks>
internal sealed class UploadSpool(string directory)
{
    private const int Chunk = 128 * 1024;

    /// <summary>Receives content to its end.</summary>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
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

    // Otherwise a full disk of the controller would be reported as an error in the form.
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

/// <summary>A completely received content.</summary>
internal sealed class ReceivedContent(FileStream file, string sha256) : IAsyncDisposable
{
    public string Sha256 => sha256;

    public long Size => file.Length;

    /// <summary>Gets the content in the form that a check compares.</summary>
    public async Task<FileVersion> VersionAsync(CancellationToken cancellationToken)
    {
        if (Size > ContentDiff.MaxSize)
            return new(Size, sha256, Bytes: null);
        var bytes = new byte[Size];
        await Open().ReadExactlyAsync(bytes, cancellationToken);
        return new(Size, sha256, bytes);
    }

    /// <summary>Opens the content from its beginning; the stream belongs to this object, and is closed with it.</summary>
    public Stream Open()
    {
        file.Position = 0;
        return file;
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
