using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Outputs;

/// <summary>The file that holds one output stream until all of it is in the store.</summary>
internal sealed class SpoolFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly string path;
    private long length;

    private SpoolFile(string path, SafeFileHandle handle)
    {
        this.path = path;
        this.handle = handle;
        length = RandomAccess.GetLength(handle);
    }

    /// <summary>The number of bytes; reads below it may run beside an append.</summary>
    public long Length => Volatile.Read(ref length);

    /// <summary>Creates a file; the directory keeps it private.</summary>
    public static SpoolFile Create(string path) =>
        new(path, File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete));

    /// <summary>Opens the file of an earlier run; null when there is none.</summary>
    public static SpoolFile? TryOpen(string path) =>
        File.Exists(path) ? new(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete)) : null;

    /// <summary>Appends bytes.</summary>
    /// <exception cref="IOException">The disk is full, or failed.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(handle, bytes, length);
        Volatile.Write(ref length, length + bytes.Length);
    }

    /// <summary>Reads bytes that were appended before.</summary>
    /// <exception cref="IOException">The disk failed, or the file was cut by somebody else.</exception>
    public void Read(Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var count = RandomAccess.Read(handle, buffer, offset);
            if (count == 0)
                throw new EndOfStreamException($"{path} is shorter than what was written to it.");
            buffer = buffer[count..];
            offset += count;
        }
    }

    /// <summary>Waits until the content is on the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(handle);

    /// <summary>Removes the file; its content can be read until it is disposed.</summary>
    public void Unlink() => File.Delete(path);

    public void Dispose() => handle.Dispose();
}
