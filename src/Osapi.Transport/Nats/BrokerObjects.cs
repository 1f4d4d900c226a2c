using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using NATS.Client.Core;

namespace Osapi.Transport.Nats;

/// <summary>
/// One bucket of objects, as every NATS client knows them: the content in chunks on a subject of its own, and a
/// description that makes it visible. Content is never changed; what no description names any more is removed by
/// <see cref="ChunkSweep"/> some time later, so that a reader of a replaced object comes to its end.
/// </summary>
internal sealed class BrokerObjects(string bucket, Broker broker, StreamStore streams, Publisher publisher, ServerClock clock) : IObjects
{
    /// <summary>Well below the 1 MB that a broker takes by default; measured to be nearly as fast as that.</summary>
    private const int Chunk = 512 * 1024;

    private static readonly NatsHeaders Replacing = new() { { "Nats-Rollup", "sub" } };

    private readonly string stream = Layout.ObjectStream(bucket);
    private readonly string chunks = Layout.Chunks(bucket);
    private readonly string descriptions = Layout.Descriptions(bucket);

    public async Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(content);
        cancellationToken.ThrowIfCancellationRequested();
        var id = Guid.CreateVersion7(clock.Now).ToString("N");
        var kept = false;
        try
        {
            var (size, count, sha256) = await WriteAsync(id, content, cancellationToken);
            ObjectDescription description = new()
            {
                Name = name,
                Description = metadata,
                Bucket = bucket,
                Id = id,
                Size = size,
                Modified = clock.Now,
                Chunks = count,
                Digest = ObjectDescription.DigestOf(sha256),
            };
            var json = JsonSerializer.SerializeToUtf8Bytes(description, ObjectJson.Default.ObjectDescription);
            // From here on it is not cancellable, and the content stays: whether it is needed is not known before the answer.
            cancellationToken.ThrowIfCancellationRequested();
            kept = true;
            var sequence = await publisher.PublishAsync(stream, descriptions + ObjectDescription.TokenOf(name), json, expectedLast: null, messageId: null, Replacing, CancellationToken.None);
            var stored = await streams.AtAsync(stream, sequence!.Value, CancellationToken.None);
            if (stored is not null)
                clock.Saw(stored.Time);
            // Gone already when another has replaced it.
            return description.Info(stored?.Time ?? clock.Now);
        }
        finally
        {
            if (!kept)
                await TryForgetAsync(id);
        }
    }

    public async Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken) =>
        await DescriptionAsync(name, cancellationToken) is var (description, stored) ? description.Info(stored) : null;

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) =>
        await DescriptionAsync(name, cancellationToken) is var (description, _) ? new ObjectContent(broker, streams, description) : null;

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        await DescriptionAsync(name, cancellationToken) is not null
        && await streams.PurgeAsync(stream, descriptions + ObjectDescription.TokenOf(name), before: null, cancellationToken) > 0;

    public async Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await DescriptionsAsync(cancellationToken);
        return [.. all.Values.Select(found => found.Description.Info(found.Stored)).OrderBy(info => info.Name, StringComparer.Ordinal)];
    }

    /// <summary>The ids of the contents that have a description.</summary>
    public async Task<IReadOnlySet<string>> ContentsAsync(CancellationToken cancellationToken) =>
        (await DescriptionsAsync(cancellationToken)).Values.Select(found => found.Description.Id).ToHashSet();

    private async Task<Dictionary<string, (ObjectDescription Description, DateTimeOffset Stored)>> DescriptionsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, (ObjectDescription, DateTimeOffset)> found = new(StringComparer.Ordinal);
        await foreach (var message in new StreamScan(broker, stream, $"{descriptions}>").ReadAsync(cancellationToken))
            if (ObjectDescription.TryParse(bucket, message.Subject[descriptions.Length..], message.Data) is { } description)
                found[description.Name] = (description, message.Metadata!.Value.Timestamp);
        return found;
    }

    private async Task<(ObjectDescription Description, DateTimeOffset Stored)?> DescriptionAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (await streams.LastAsync(stream, descriptions + ObjectDescription.TokenOf(name), cancellationToken) is not { } last
            || ObjectDescription.TryParse(bucket, ObjectDescription.TokenOf(name), last.Data) is not { } description)
            return null;
        clock.Saw(last.Time);
        return (description, last.Time);
    }

    private async Task<(long Size, int Chunks, byte[] Sha256)> WriteAsync(string id, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            long size = 0;
            var count = 0;
            while (await content.ReadAtLeastAsync(buffer.AsMemory(0, Chunk), Chunk, throwOnEndOfStream: false, cancellationToken) is > 0 and var length)
            {
                hash.AppendData(buffer, 0, length);
                await publisher.PublishAsync(stream, chunks + id, buffer.AsMemory(0, length), expectedLast: null, $"{id}.{count}", headers: null, cancellationToken);
                size += length;
                count++;
            }

            return (size, count, hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task TryForgetAsync(string id)
    {
        try
        {
            await streams.PurgeAsync(stream, chunks + id, before: null, CancellationToken.None);
        }
        catch (Exception failure) when (failure is TransportException or ObjectDisposedException)
        {
            // The sweep removes it later; what counts is why the content was not stored.
        }
    }
}
