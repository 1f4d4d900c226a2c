using System.Buffers;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Transport.Jobs;

/// <summary>Where a host's entry is kept: in its state, or in an object when it is large.</summary>
public static class JobEntries
{
    /// <summary>The most bytes that an entry may have in a message; a larger one becomes an object.</summary>
    public const int Inline = 256 * 1024;

    /// <summary>The most bytes of an object that is read as an entry: the two outputs of a command at their largest, with every byte escaped, have less.</summary>
    private const int Largest = 1024 * 1024 * 1024;

    private const int FirstBuffer = 4 * 1024 * 1024;

    /// <summary>The bytes of an entry, flat as on the wire.</summary>
    public static byte[] Bytes(HostEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
            entry.Write(writer);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The name of the object that holds the entry of an executor, when it is large and of a version before 0.2.</summary>
    public static string NameOf(string jobId, string executor) => $"{jobId}.{executor}";

    /// <summary>The name of the object in which a host stores the entry of an executor: it may write below its own key only.</summary>
    public static string NameOf(string hostKey, string jobId, string executor) => $"{hostKey}/{NameOf(jobId, executor)}";

    /// <summary>The state that says how a job ended on a host; a large entry is stored as an object first.</summary>
    public static async Task<JobEvent> FinAsync(ITransport transport, JobEvent start, string jobId, string executor, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(start);
        using var document = JsonDocument.Parse(entry);
        var fin = start with { Kind = JobEventKind.Fin, Outcome = HostEntry.Read(document.RootElement).Outcome };
        if (entry.Length <= Inline)
            return fin with { Entry = document.RootElement.Clone() };
        var name = start.Host is { } host ? NameOf(HostKey.Of(host), jobId, executor) : NameOf(jobId, executor);
        using MemoryStream content = new(entry.ToArray(), writable: false);
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
            if (content is not { Length: <= Largest })
                return state;
            // It grows with what really comes: the length is the description's word.
            using MemoryStream bytes = new((int)Math.Min(content.Length, FirstBuffer));
            await content.CopyToAsync(bytes, cancellationToken);
            return Wire.ParseObject(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)) is { } entry && state.Fits(entry) ? state with { Entry = entry } : state;
        }
        catch (DamagedObjectException)
        {
            // Asking again does not help.
            return state;
        }
    }
}
