using System.Security.Cryptography;

namespace Osapi.Transport.Tests.Contract;

/// <summary>A stream of this many bytes without a period, generated while it is read, in chunks of uneven size.</summary>
internal sealed class Noise(long size) : Stream
{
    private readonly Random random = new((int)size);
    private long position;
    private (long At, Func<Task> Do)? interruption;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static string Sha256(long size)
    {
        using Noise noise = new(size);
        return Convert.ToHexStringLower(SHA256.HashData(noise));
    }

    /// <summary>Runs a callback when the reader reaches this position.</summary>
    public void Before(long at, Func<Task> happens) => interruption = (at, happens);

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(Math.Min(buffer.Length, 100_003), size - position);
        // The size of the chunks does not change the bytes: each call generates whole words.
        count = count == size - position ? count : count & ~3;
        random.NextBytes(buffer[..count]);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (interruption is { } now && position >= now.At)
        {
            interruption = null;
            await now.Do();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Read(buffer.Span);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
