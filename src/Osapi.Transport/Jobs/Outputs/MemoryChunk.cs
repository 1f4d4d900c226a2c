using Osapi.Operations.Files;

namespace Osapi.Transport.Jobs.Outputs;

/// <summary>A stream over bytes that belong to the caller.</summary>
internal sealed class MemoryChunk(ReadOnlyMemory<byte> content) : ForwardOnlyStream
{
    private ReadOnlyMemory<byte> rest = content;

    public override long Length { get; } = content.Length;

    public override int Read(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Take(buffer.Span));

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, rest.Length);
        rest.Span[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }
}
