using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Jobs.Outputs;
using Osapi.Transport;

namespace Osapi.Controller.Operations;

/// <summary>The JSON body of a response, written as a whole and sent in chunks.</summary>
/// <remarks>
/// A writer on the response itself would request as much memory as its largest value has, and the response rents that
/// from a pool that keeps it.
/// </remarks>
internal sealed class ResponseBuffer : IBufferWriter<byte>
{
    // Most responses fit into the first block.
    private const int FirstBlock = 1024;
    private const int MaxBlock = 16 * 1024;
    private const int MaxWriteSize = 64 * 1024;

    private readonly List<ReadOnlyMemory<byte>> full = [];
    private byte[] block = new byte[FirstBlock];
    private int used;

    private long Length => full.Sum(part => (long)part.Length) + used;

    /// <summary>Writes the response; completes when the caller has read it, except the last bytes.</summary>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, JsonWriterOptions options = default)
    {
        ResponseBuffer body = new();
        using (Utf8JsonWriter writer = new(body, options))
            write(writer);
        try
        {
            await body.SendAsync(context);
        }
        finally
        {
            HeapTrimmer.Released(body.Length);
        }
    }

    /// <inheritdoc/>
    public void Advance(int count) => used += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (block.Length - used < Math.Max(sizeHint, 1))
        {
            full.Add(block.AsMemory(0, used));
            (block, used) = (GC.AllocateUninitializedArray<byte>(Math.Max(sizeHint, Math.Min(4 * block.Length, MaxBlock))), 0);
        }

        return block.AsMemory(used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private async Task SendAsync(HttpContext context)
    {
        var parts = full.Append(block.AsMemory(0, used));
        if (InsertedOutputs.Find(context) is { } outputs)
            // A placeholder may lie across two blocks.
            await outputs.SendAsync(context, Join(parts));
        else
            foreach (var part in parts)
                await SendAsync(context, part);
    }

    /// <summary>Sends bytes in chunks; completes when the caller has read them, except the last.</summary>
    public static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        for (var rest = bytes; !rest.IsEmpty; rest = rest[Math.Min(MaxWriteSize, rest.Length)..])
            await context.Response.BodyWriter.WriteAsync(rest[..Math.Min(MaxWriteSize, rest.Length)], context.RequestAborted);
    }

    private byte[] Join(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        var all = GC.AllocateUninitializedArray<byte>(checked((int)Length));
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all.AsMemory(at));
            at += part.Length;
        }

        return all;
    }
}
