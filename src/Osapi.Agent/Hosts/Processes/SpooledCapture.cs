using System.Text;
using Osapi.Agent.Outputs;
using Osapi.Operations.Jobs;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// Keeps a short stream in memory. A longer one goes to the job's spool, and only its beginning and end stay in memory.
/// </summary>
internal sealed class SpooledCapture(JobSpool spool, OutputStream stream) : OutputCapture
{
    private const int SideLength = OutputExcerpt.SideLength;

    private const int FirstLength = 4 * 1024;

    private readonly Utf8Check check = new();
    // A reader that follows the stream reads beside the thread that captures it.
    private readonly Lock gate = new();
    // All of a short stream; of a longer one the beginning, then the last bytes as a ring.
    private byte[] kept = [];
    private int used;
    private long written;
    private long spooledLength;
    private bool isSpooled;
    private SpooledStream? spooled;

    /// <summary>The number of bytes that the text has.</summary>
    public long InlineSize => Math.Min(Interlocked.Read(ref written), 2 * SideLength);

    /// <inheritdoc/>
    public override void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            written += bytes.Length;
            if (!isSpooled && used + bytes.Length <= 2 * SideLength)
                KeepInline(bytes);
            else
                KeepSpooled(bytes);
        }
    }

    /// <summary>Reads what was kept after an offset, as far as the buffer holds it; returns the number of bytes.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        lock (gate)
        {
            if (isSpooled)
                return spooled?.Read(offset, buffer) ?? 0;
            var count = (int)Math.Clamp(used - offset, 0, buffer.Length);
            if (count > 0)
                kept.AsSpan((int)offset, count).CopyTo(buffer);
            return count;
        }
    }

    /// <inheritdoc/>
    public override CapturedText Text()
    {
        if (!isSpooled)
            return Inline();
        spooled?.Complete();
        var isCut = spooledLength < written;
        var replaced = !check.IsValid || (check.IsPartial && !isCut);
        return new(spooledLength <= 2 * SideLength ? Whole() : OutputExcerpt.Of(kept.AsSpan(0, SideLength), Tail(SideLength), spooledLength), Truncated: true, replaced) { Bytes = written };
    }

    private void KeepInline(ReadOnlySpan<byte> bytes)
    {
        if (used + bytes.Length > kept.Length)
            Array.Resize(ref kept, Math.Min(2 * SideLength, Math.Max(used + bytes.Length, Math.Max(FirstLength, 2 * kept.Length))));
        bytes.CopyTo(kept.AsSpan(used));
        used += bytes.Length;
    }

    private void KeepSpooled(ReadOnlySpan<byte> bytes)
    {
        if (!isSpooled)
        {
            isSpooled = true;
            spooled = spool.Begin(stream);
            var first = kept.AsSpan(0, used).ToArray();
            kept = GC.AllocateUninitializedArray<byte>(2 * SideLength);
            used = 0;
            Append(first);
        }

        Append(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        // Without a file, the beginning is all that is kept.
        var granted = spooled is null ? (int)Math.Min(bytes.Length, 2 * SideLength - spooledLength) : spooled.Append(bytes);
        bytes = bytes[..granted];
        check.Add(bytes);
        var head = (int)Math.Clamp(SideLength - spooledLength, 0, granted);
        bytes[..head].CopyTo(kept.AsSpan(used));
        used += head;
        spooledLength += granted;
        KeepTail(bytes[head..], spooledLength - (granted - head));
    }

    // The byte at a position of the stream has one place in the ring.
    private void KeepTail(ReadOnlySpan<byte> bytes, long position)
    {
        if (bytes.Length > SideLength)
        {
            position += bytes.Length - SideLength;
            bytes = bytes[^SideLength..];
        }

        while (!bytes.IsEmpty)
        {
            var at = (int)(position % SideLength);
            var count = Math.Min(bytes.Length, SideLength - at);
            bytes[..count].CopyTo(kept.AsSpan(SideLength + at));
            position += count;
            bytes = bytes[count..];
        }
    }

    private CapturedText Inline()
    {
        var bytes = kept.AsSpan(0, used);
        check.Add(bytes);
        return new(Encoding.UTF8.GetString(bytes), Truncated: false, Replaced: !check.IsValid || check.IsPartial);
    }

    private string Whole() => Encoding.UTF8.GetString([.. kept.AsSpan(0, used), .. Tail((int)(spooledLength - used))]);

    private byte[] Tail(int length)
    {
        var tail = GC.AllocateUninitializedArray<byte>(length);
        for (var index = 0; index < length;)
        {
            var at = (int)((spooledLength - length + index) % SideLength);
            var count = Math.Min(length - index, SideLength - at);
            kept.AsSpan(SideLength + at, count).CopyTo(tail.AsSpan(index));
            index += count;
        }

        return tail;
    }
}
