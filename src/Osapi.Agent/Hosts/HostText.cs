using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Hosts;

/// <summary>
/// Reads small files that users may control: never a pipe, a device or more than 1 MiB, and over links as <see
/// cref="SymlinkRule"/> allows.
/// </summary>
internal static class HostText
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Reads a file's bytes; null when there is no such file.</summary>
    /// <exception cref="OperationException">The file cannot be read, is not a regular file, or is larger than 1 MiB.</exception>
    public static byte[]? ReadSmall(this Host host, string path) => ReadSmall(host, path, out _);

    /// <inheritdoc cref="ReadSmall(Host, string)"/>
    /// <param name="stat">The metadata of the file that was read.</param>
    public static byte[]? ReadSmall(this Host host, string path, out FileStat stat)
    {
        stat = default;
        try
        {
            using PathResolver walk = new(host.Root, path);
            if (walk.ToFile(path) is not { } name)
                return null;
            using var directory = walk.TakeHandle();
            if (directory.Stat(name) is null)
                return null;
            using var file = directory.OpenToRead(name);
            return Bytes(file, path, out stat);
        }
        catch (HostFileException exception)
        {
            throw new OperationException(ErrorType.Unavailable, $"{path} cannot be read: {(exception.Error == ErrorNumber.AccessDenied ? "permission denied" : exception.Message)}");
        }
    }

    private static byte[] Bytes(SafeFileHandle file, string path, out FileStat stat)
    {
        stat = FileStatCalls.StatOf(file);
        if (stat.Kind != FileKind.Regular)
            throw new OperationException(ErrorType.Unavailable, $"{path} cannot be read: it is not a regular file");
        var buffer = new byte[MaxBytes + 1];
        var length = 0;
        while (length < buffer.Length && RandomAccess.Read(file, buffer.AsSpan(length), length) is > 0 and var count)
            length += count;
        return length <= MaxBytes ? buffer[..length] : throw new OperationException(ErrorType.Unavailable, $"{path} cannot be read: it has more than {MaxBytes} bytes");
    }
}
