using System.Security.Cryptography;
using System.Text;
using NATS.Client.Core;
using Osapi.Operations.Files;

namespace Osapi.Transport.Nats;

/// <summary>
/// The content of an object, read chunk by chunk with the next chunk prefetched. The stream ends only when size and
/// hash match the description.
/// </summary>
internal sealed class ObjectContent(string stream, string subject, NatsBroker broker, StreamStore streams, ObjectDescription description) : ForwardOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CancellationTokenSource closing = new();
    private Task<StoredChunk>? next;
    private ReadOnlyMemory<byte> chunk;
    private long received;
    private long position;

    public override long Length => description.Size;

    public override long Position { get => position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.IsEmpty)
            return 0;
        if (chunk.IsEmpty && !await MoveAsync(cancellationToken))
            return 0;
        var count = Math.Min(buffer.Length, chunk.Length);
        chunk[..count].CopyTo(buffer);
        chunk = chunk[count..];
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The content is read over the network; use ReadAsync.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            closing.Cancel();
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        if (received == description.Size)
            return false;
        var stored = await (next ?? FetchAsync(1)).WaitAsync(cancellationToken);
        WaitBudget.Renew();
        chunk = stored.Content;
        received += chunk.Length;
        hash.AppendData(chunk.Span);
        next = received < description.Size ? FetchAsync(stored.Sequence + 1) : null;
        if (chunk.IsEmpty || received > description.Size || (received == description.Size && ObjectDescription.DigestOf(hash.GetHashAndReset()) != description.Digest))
            throw new DamagedObjectException($"The content of the object '{description.Name}' is damaged.");
        return true;
    }

    private Task<StoredChunk> FetchAsync(long from)
    {
        // Any replica may answer. When a lagging one reports that nothing is there, the leader is asked.
        var api = $"{broker.Api}.DIRECT.GET.{stream}";
        var request = Encoding.ASCII.GetBytes($$"""{"seq":{{from}},"next_by_subj":"{{subject}}"}""");
        return broker.CallAsync(api, GetChunkAsync, closing.Token);

        async ValueTask<StoredChunk> GetChunkAsync(CancellationToken token)
        {
            var answer = await broker.Connection.RequestAsync(
                api, request, requestSerializer: NatsRawSerializer<byte[]>.Default, replySerializer: NatsRawSerializer<byte[]>.Default, cancellationToken: token);
            if (answer.Headers is { Code: 0 } headers && headers.TryGetLastValue("Nats-Sequence", out var sequence))
                return new(long.Parse(sequence, System.Globalization.CultureInfo.InvariantCulture), answer.Data ?? []);
            return await streams.NextAsync(stream, subject, from, token) is { } stored
                ? new(stored.Sequence, stored.Data)
                : throw new DamagedObjectException($"The content of the object '{description.Name}' is gone: it was replaced, removed or has expired.");
        }
    }

    private sealed record StoredChunk(long Sequence, ReadOnlyMemory<byte> Content);
}
