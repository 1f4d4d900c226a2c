using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Transport.Jobs;

/// <summary>Stores and loads the reply of a host: in its state, or in an object when it is large.</summary>
public static class JobEntries
{
    /// <summary>The maximum size of a reply in a message, in bytes; a larger one becomes an object.</summary>
    public const int MaxInlineSize = 256 * 1024;

    /// <summary>The maximum size of a reply, in bytes.</summary>
    public const int MaxSize = 256 * 1024 * 1024;

    private const int FirstAllocation = 1024 * 1024;
    private const int Growth = 8;

    // A standalone JSON document needs fewer escapes than JSON embedded in HTML.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Serializes a reply, flat as on the wire.</summary>
    /// <exception cref="EntryTooLargeException">The reply exceeds <see cref="MaxSize"/>.</exception>
    public static byte[] Bytes(HostReply entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Json(writer => entry.Write(writer));
    }

    /// <summary>Serializes a reply whose result is already JSON.</summary>
    /// <exception cref="EntryTooLargeException">The reply exceeds <see cref="MaxSize"/>.</exception>
    public static byte[] Bytes(HostReply entry, ReadOnlyMemory<byte> result)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Json(writer => entry.Write(writer, result.Span));
    }

    /// <summary>Writes JSON with as few escapes as the format allows.</summary>
    /// <exception cref="EntryTooLargeException">The JSON exceeds <see cref="MaxSize"/>.</exception>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        ChunkedBuffer bytes = new(MaxSize);
        using (Utf8JsonWriter writer = new(bytes, Compact))
            write(writer);
        return bytes.ToArray();
    }

    /// <summary>Gets the name of the object that holds a large reply of a version before 0.2.</summary>
    public static string NameOf(JobId jobId, string executor) => $"{jobId}.{executor}";

    /// <summary>
    /// Gets the name of the object in which a host stores a large reply; a host may write below its own key only.
    /// </summary>
    public static string NameOf(string hostKey, JobId jobId, string executor) => $"{hostKey}/{NameOf(jobId, executor)}";

    /// <summary>Gets the chunks of the output of an executor; null when its state names no host.</summary>
    public static OutputChunks? ChunksOf(ITransport transport, JobId jobId, string executor, JobEvent state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Host is { } host ? new(transport, HostKey.Of(host), jobId, executor) : null;
    }

    /// <summary>Creates the state that ends a job on a host; a large reply is stored as an object first.</summary>
    public static async Task<JobEvent> FinishedAsync(ITransport transport, JobEvent start, JobId jobId, string executor, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(start);
        if (entry.Length <= MaxInlineSize)
        {
            // A document would rent as many bytes as the reply has.
            var reply = JsonElement.Parse(entry.Span);
            return start with { Kind = JobEventKind.Finished, Outcome = HostReply.OutcomeOf(reply), Entry = reply };
        }

        // A large one is not even copied.
        var outcome = JsonElement.Parse(Json(writer =>
        {
            writer.WriteStartObject();
            RawJson.CopyMembers(writer, entry.Span, static (name, _) => name == "outcome");
            writer.WriteEndObject();
        }));
        var finished = start with { Kind = JobEventKind.Finished, Outcome = HostReply.OutcomeOf(outcome) };
        var name = start.Host is { } host ? NameOf(HostKey.Of(host), jobId, executor) : NameOf(jobId, executor);
        var bytes = MemoryMarshal.TryGetArray(entry, out var array) ? array : entry.ToArray();
        using MemoryStream content = new(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        await transport.Results.PutAsync(name, content, metadata: null, cancellationToken);
        return finished with { ObjectName = name, ObjectSize = entry.Length, ObjectSha256 = Convert.ToHexStringLower(SHA256.HashData(entry.Span)) };
    }

    /// <summary>
    /// Returns the state with its reply loaded; without a reply when the object is missing, too large, or belongs to
    /// another state.
    /// </summary>
    public static async Task<JobEvent> LoadAsync(ITransport transport, JobEvent state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(state);
        if (state.ObjectName is null || state.Entry is not null)
            return state;
        try
        {
            await using var content = await transport.Results.OpenAsync(state.ObjectName, cancellationToken);
            // An earlier version escaped more characters.
            if (content is not { Length: <= 2L * MaxSize } || (state.ObjectSize is { } size && content.Length != size))
                return state;
            var bytes = await ReadAsync(content, (int)content.Length, cancellationToken);
            if (state.ObjectSha256 is { } sha256 && Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
                return state;
            var parsed = await SeparateThread.RunIfLargeAsync(bytes.Length, () => JsonConventions.ParseObject(bytes));
            return parsed is { } entry && state.Fits(entry) ? state with { Entry = entry } : state;
        }
        catch (Exception exception) when (exception is DamagedObjectException or EndOfStreamException)
        {
            // A retry does not help.
            return state;
        }
    }

    // In one array of the right size instead of a rented one, which would stay in the pool. The claimed size is trusted only as far
    // as content has arrived.
    internal static async Task<byte[]> ReadAsync(Stream content, int length, CancellationToken cancellationToken)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(Math.Min(length, FirstAllocation));
        await content.ReadExactlyAsync(bytes, cancellationToken);
        while (bytes.Length < length)
        {
            var more = GC.AllocateUninitializedArray<byte>((int)Math.Min(length, (long)bytes.Length * Growth));
            bytes.CopyTo(more, 0);
            var arrived = bytes.Length;
            bytes = more;
            await content.ReadExactlyAsync(bytes.AsMemory(arrived), cancellationToken);
        }

        return bytes;
    }
}
