using System.Security.Cryptography;
using System.Text.Json;
using NATS.Client.Core;

namespace Osapi.Transport.Nats;

/// <summary>
/// One bucket of objects in the format of every NATS client: the content in chunks on its own subject, and a
/// description that makes it visible.
/// </summary>
/// <remarks>
/// Content is never changed. <see cref="ChunkSweep"/> removes unreferenced content some time later, so that a reader of
/// a replaced object can finish.
/// </remarks>
/// <param name="bucket">The bucket.</param>
/// <param name="owned">
/// True when the first part of a name, up to a slash, is the host that writes the object: it is part of the subjects,
/// so that no other host can write there.
/// </param>
/// <param name="broker">The broker.</param>
/// <param name="streams">The access to streams.</param>
/// <param name="publisher">The publisher of messages.</param>
/// <param name="clock">The broker's clock.</param>
internal sealed class NatsObjects(string bucket, bool owned, NatsBroker broker, StreamStore streams, StreamPublisher publisher, ServerClock clock) : IObjects
{
    /// <summary>Far below the broker's default limit of 1 MB: the broker's client keeps buffers of up to twice this size for each thread that sent a chunk.</summary>
    private const int Chunk = 128 * 1024;

    // Where any client may replace an object, the stream accepts a roll-up of its description; where agents write, the
    // sweep removes earlier descriptions.
    private static readonly NatsHeaders RollUp = new() { { "Nats-Rollup", "sub" } };

    private readonly string stream = NatsNames.ObjectStream(bucket);
    private readonly string chunks = NatsNames.Chunks(bucket);
    private readonly ObjectDescriptions descriptions = new(bucket, owned, broker, streams, clock);

    /// <summary>The descriptions of the bucket.</summary>
    public ObjectDescriptions Descriptions => descriptions;

    public Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken) => PutDescribedAsync(name, content, () => metadata, cancellationToken);

    public async Task<ObjectInfo> PutDescribedAsync(string name, Stream content, Func<string?> metadata, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(content);
        cancellationToken.ThrowIfCancellationRequested();
        var id = Guid.CreateVersion7(clock.Now).ToString("N");
        var path = descriptions.OwnerOf(name) + id;
        var isStored = false;
        try
        {
            var (size, count, sha256) = await WriteAsync(path, id, content, cancellationToken);
            ObjectDescription description = new()
            {
                Name = name,
                Description = metadata(),
                Bucket = bucket,
                Id = id,
                Size = size,
                Modified = clock.Now,
                Chunks = count,
                Digest = ObjectDescription.DigestOf(sha256),
            };
            var json = JsonSerializer.SerializeToUtf8Bytes(description, ObjectJson.Default.ObjectDescription);
            // Not cancellable from here on, and the content stays: until the answer arrives it is not known whether the
            // content is needed.
            cancellationToken.ThrowIfCancellationRequested();
            isStored = true;
            var sequence = await publisher.PublishAsync(stream, descriptions.SubjectOf(name), json, expectedLast: null, messageId: null, owned ? null : RollUp, CancellationToken.None);
            // Agents may not read messages of other subjects.
            var stored = broker.ReadsOwnSubjectsOnly ? null : await streams.AtAsync(stream, sequence!.Value, CancellationToken.None);
            if (stored is not null)
                clock.Observe(stored.Time);
            // Already removed when another writer has replaced it.
            return description.Info(stored?.Time ?? clock.Now);
        }
        finally
        {
            if (!isStored)
                await TryPurgeAsync(path);
        }
    }

    public async Task<bool> RedescribeAsync(string name, string expected, string metadata, CancellationToken cancellationToken)
    {
        var subject = descriptions.SubjectOf(name);
        // Read first: a description that is newer than this message keeps its place.
        if (await streams.LastAsync(stream, subject, cancellationToken) is not { } last
            || await descriptions.FindAsync(name, cancellationToken) is not var (description, _) || description.Description != expected)
            return false;
        var json = JsonSerializer.SerializeToUtf8Bytes(description with { Description = metadata }, ObjectJson.Default.ObjectDescription);
        return await publisher.PublishAsync(stream, subject, json, last.Sequence, messageId: null, owned ? null : RollUp, cancellationToken) is not null;
    }

    public async Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken) =>
        await descriptions.FindAsync(name, cancellationToken) is var (description, stored) ? description.Info(stored) : null;

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) =>
        await descriptions.FindAsync(name, cancellationToken) is var (description, _) ? new ObjectContent(stream, chunks + descriptions.OwnerOf(description.Name) + description.Id, broker, streams, description) : null;

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        await descriptions.FindAsync(name, cancellationToken) is not null
        && await streams.PurgeAsync(stream, descriptions.SubjectOf(name), before: null, cancellationToken) > 0;

    public async Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await descriptions.ListAsync(cancellationToken);
        return [.. all.Values.Select(found => found.Description.Info(found.Stored)).OrderBy(info => info.Name, StringComparer.Ordinal)];
    }

    private async Task<(long Size, int Chunks, byte[] Sha256)> WriteAsync(string path, string id, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = BufferPool.Instance.Rent(Chunk);
        try
        {
            long size = 0;
            var count = 0;
            while (await content.ReadAtLeastAsync(buffer.AsMemory(0, Chunk), Chunk, throwOnEndOfStream: false, cancellationToken) is > 0 and var length)
            {
                hash.AppendData(buffer, 0, length);
                await publisher.PublishAsync(stream, chunks + path, buffer.AsMemory(0, length), expectedLast: null, $"{id}.{count}", headers: null, cancellationToken);
                WaitBudget.Renew();
                size += length;
                count++;
            }

            return (size, count, hash.GetHashAndReset());
        }
        finally
        {
            BufferPool.Instance.Return(buffer);
        }
    }

    private async Task TryPurgeAsync(string path)
    {
        try
        {
            await streams.PurgeAsync(stream, chunks + path, before: null, CancellationToken.None);
        }
        catch (Exception failure) when (failure is TransportException or ObjectDisposedException)
        {
            // The sweep removes it later; the original failure is what is reported.
        }
    }
}
