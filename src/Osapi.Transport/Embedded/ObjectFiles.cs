using System.Security.Cryptography;

namespace Osapi.Transport.Embedded;

/// <summary>The files that hold the content of objects.</summary>
internal sealed class ObjectFiles(string directory)
{
    private const int Chunk = 512 * 1024;

    public static string NewName() => Guid.CreateVersion7().ToString("N");

    public string PathOf(string file) => Path.Combine(directory, file);

    /// <summary>Writes a new file; its content and name are durable when this completes.</summary>
    public async Task<(long Size, string Sha256)> WriteAsync(string file, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = OrTransportException(() => new FileStream(PathOf(file), PrivateFiles.Options(FileMode.CreateNew, FileAccess.Write, FileShare.Read)));
        var buffer = BufferPool.Instance.Rent(Chunk);
        try
        {
            // Exceptions of the given stream belong to the caller; exceptions of the disk become failures of the store.
            while (await content.ReadAsync(buffer.AsMemory(0, Chunk), cancellationToken) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                OrTransportException(() =>
                {
                    target.Write(buffer, 0, count);
                    return count;
                });
            }
        }
        finally
        {
            BufferPool.Instance.Return(buffer);
        }

        return OrTransportException(() =>
        {
            target.Flush(flushToDisk: true);
            PrivateFiles.FlushDirectory(directory);
            return (target.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        });
    }

    /// <summary>Opens a file for reading; null when it does not exist.</summary>
    public Stream? TryOpen(string file)
    {
        try
        {
            return OrTransportException(() => new FileStream(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true));
        }
        catch (TransportException failure) when (failure.InnerException is FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes an unreferenced file. If that fails, the next start removes it.</summary>
    public void Delete(string file)
    {
        try
        {
            File.Delete(PathOf(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Creates the directory, and removes files that a killed process left behind.</summary>
    public void Clean(SqliteSession session)
    {
        PrivateFiles.CreateDirectory(directory);
        foreach (var path in Directory.EnumerateFiles(directory))
            if (session.Scalar("select 1 from objects where file = $1", Path.GetFileName(path)) is null)
                Delete(Path.GetFileName(path));
    }

    private T OrTransportException<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TransportException($"The object store {directory} failed: {failure.Message}", failure);
        }
    }
}
