using Osapi.Operations;

namespace Osapi.Agent.Files.Archives;

/// <summary>An archive whose headers are read up to a limit only: a hostile one could claim headers that fill the memory.</summary>
/// <param name="inner">The bytes of the archive.</param>
/// <param name="canSeek">True when its reader needs to seek.</param>
internal sealed class GuardedStream(Stream inner, bool canSeek) : Stream
{
    private long allowance;
    private long zeros;

    /// <summary>The number of zero bytes at the end of what was read.</summary>
    public long Zeros => zeros;

    public override bool CanRead => true;

    public override bool CanSeek => canSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    /// <summary>Sets the number of bytes that may be read from now on.</summary>
    public void Allow(long bytes) => allowance = bytes;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        Note(buffer[..count]);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Note(ReadOnlySpan<byte> read)
    {
        allowance -= read.Length;
        if (allowance < 0)
            throw new OperationException(ErrorType.Conflict, "the archive has headers that are too large, and is not extracted");
        var last = read.LastIndexOfAnyExcept((byte)0);
        zeros = last < 0 ? zeros + read.Length : read.Length - last - 1;
    }
}
