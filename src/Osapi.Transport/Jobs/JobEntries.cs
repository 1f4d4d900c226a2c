using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Transport.Jobs;

/// <summary>Where a host's entry is kept: in its state, or in an object when it is large.</summary>
public static class JobEntries
{
    /// <summary>The most bytes that an entry may have in a message; a larger one becomes an object.</summary>
    public const int Inline = 256 * 1024;

    /// <summary>The most bytes that an entry may have.</summary>
    public const int MaxSize = 256 * 1024 * 1024;

    private const int FirstAllocation = 1024 * 1024;
    private const int Growth = 8;

    // Other than in the middle of a page, in a document of its own a text needs no more escapes than these.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of an entry, flat as on the wire.</summary>
    /// <exception cref="EntryTooLargeException">There are more than <see cref="MaxSize"/>.</exception>
    public static byte[] Bytes(HostReply entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Json(writer => entry.Write(writer));
    }

    /// <summary>The bytes of an entry with a result that was not parsed.</summary>
    /// <exception cref="EntryTooLargeException">There are more than <see cref="MaxSize"/>.</exception>
    public static byte[] Bytes(HostReply entry, ReadOnlyMemory<byte> result)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Json(writer => entry.Write(writer, result.Span));
    }

    /// <summary>The bytes that are written, each text with as few escapes as JSON allows.</summary>
    /// <exception cref="EntryTooLargeException">There are more than <see cref="MaxSize"/>.</exception>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        ChunkedBuffer bytes = new(MaxSize);
        using (Utf8JsonWriter writer = new(bytes, Compact))
            write(writer);
        return bytes.ToArray();
    }

    /// <summary>The name of the object that holds the entry of an executor, when it is large and of a version before 0.2.</summary>
    public static string NameOf(JobId jobId, string executor) => $"{jobId}.{executor}";

    /// <summary>The name of the object in which a host stores the entry of an executor: it may write below its own key only.</summary>
    public static string NameOf(string hostKey, JobId jobId, string executor) => $"{hostKey}/{NameOf(jobId, executor)}";

    /// <summary>The state that says how a job ended on a host; a large entry is stored as an object first.</summary>
    public static async Task<JobEvent> FinishedAsync(ITransport transport, JobEvent start, JobId jobId, string executor, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(start);
        if (entry.Length <= Inline)
        {
            using var document = JsonDocument.Parse(entry);
            return start with { Kind = JobEventKind.Finished, Outcome = HostReply.OutcomeOf(document.RootElement), Entry = document.RootElement.Clone() };
        }

        // It is not parsed: a document rents as many bytes as it has.
        var outcome = JsonElement.Parse(Json(writer =>
        {
            writer.WriteStartObject();
            RawJson.CopyMembers(writer, entry.Span, static (name, _) => name == "outcome");
            writer.WriteEndObject();
        }));
        var fin = start with { Kind = JobEventKind.Finished, Outcome = HostReply.OutcomeOf(outcome) };
        var name = start.Host is { } host ? NameOf(HostKey.Of(host), jobId, executor) : NameOf(jobId, executor);
        var bytes = MemoryMarshal.TryGetArray(entry, out var array) ? array : entry.ToArray();
        using MemoryStream content = new(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        await transport.Results.PutAsync(name, content, metadata: null, cancellationToken);
        return fin with { ObjectName = name };
    }

    /// <summary>The same state with its entry; without one when the object is gone, is too large, or does not hold the entry of this state.</summary>
    public static async Task<JobEvent> LoadAsync(ITransport transport, JobEvent state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(state);
        if (state.ObjectName is null || state.Entry is not null)
            return state;
        try
        {
            await using var content = await transport.Results.OpenAsync(state.ObjectName, cancellationToken);
            // An earlier version escaped more.
            if (content is not { Length: <= 2L * MaxSize })
                return state;
            var bytes = await ReadAsync(content, (int)content.Length, cancellationToken);
            // On a thread of its own, which takes along what the parser rents: as many bytes as the document has, which the pool would keep for
            // each thread that ever did this.
            var parsed = await Task.Factory.StartNew(() => JsonConventions.ParseObject(bytes), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return parsed is { } entry && state.Fits(entry) ? state with { Entry = entry } : state;
        }
        catch (Exception exception) when (exception is DamagedObjectException or EndOfStreamException)
        {
            // Asking again does not help.
            return state;
        }
    }

    // In one piece of the right size, and nothing rented, which would stay in the pool. What a description claims is only believed as far
    // as some of it has come.
    private static async Task<byte[]> ReadAsync(Stream content, int length, CancellationToken cancellationToken)
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
