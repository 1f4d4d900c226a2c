namespace Osapi.Transport.Trust;

/// <summary>A stream that is read from its beginning to its end, in portions that it makes itself.</summary>
internal abstract class ReadOnlyStream : Stream
{
    private ReadOnlyMemory<byte> portion;
    private bool isReleased;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(isReleased, this);
        while (portion.IsEmpty)
        {
            if (await NextAsync(cancellationToken) is not { } next)
                return 0;
            portion = next;
        }

        var count = Math.Min(buffer.Length, portion.Length);
        portion[..count].CopyTo(buffer);
        portion = portion[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected sealed override void Dispose(bool disposing)
    {
        // Once: a buffer that is returned twice has two owners from then on.
        if (disposing && !Interlocked.Exchange(ref isReleased, true))
        {
            portion = default;
            Release();
        }

        base.Dispose(disposing);
    }

    /// <summary>Releases what it holds; called once.</summary>
    protected abstract void Release();

    /// <summary>Makes the next portion, which is valid until the next call; null at the end.</summary>
    protected abstract ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken);
}
