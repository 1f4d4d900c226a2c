using System.Text.Unicode;
using System.Text;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Keeps the beginning of a stream in memory.</summary>
/// <param name="limit">The maximum number of bytes to keep.</param>
/// <param name="share">The share of the budget that is used as well; null for none.</param>
internal sealed class MemoryCapture(int limit, OutputBudget.Share? share = null) : OutputCapture
{
    // The maximum size as JSON.
    private const int MaxJsonCost = 160 * 1024 * 1024;

    private const int FirstChunk = 4 * 1024;
    private const int MaxChunk = 1024 * 1024;

    // In chunks, so that it is not copied while it grows. Each ends with a complete character, if there is one.
    private readonly List<ArraySegment<byte>> full = [];
    private byte[] chunk = [];
    private int used;
    private int kept;
    private long costLeft = Math.Min((long)JsonCost.MaxFactor * limit, MaxJsonCost);
    private bool truncated;

    /// <inheritdoc/>
    public override void Keep(ReadOnlySpan<byte> bytes)
    {
        // Once truncated, nothing more is kept, so that the text has no gaps.
        var remaining = truncated ? [] : bytes[..LimitToRemaining(bytes)];
        truncated |= remaining.Length < bytes.Length;
        kept += remaining.Length;
        while (!remaining.IsEmpty)
        {
            if (used == chunk.Length)
                Grow();
            var count = Math.Min(remaining.Length, chunk.Length - used);
            remaining[..count].CopyTo(chunk.AsSpan(used));
            used += count;
            remaining = remaining[count..];
        }
    }

    /// <inheritdoc/>
    public override CapturedText Text()
    {
        // The limit may split a character, which is then not the writer's fault.
        if (truncated)
            used -= JsonCost.PartialLength(chunk.AsSpan(0, used));
        full.Add(new(chunk, 0, used));
        var text = string.Create(full.Sum(part => Encoding.UTF8.GetCharCount(part)), full, static (characters, parts) =>
        {
            foreach (var part in parts)
                characters = characters[Encoding.UTF8.GetChars(part, characters)..];
        });
        var replaced = full.Exists(part => !Utf8.IsValid(part));
        Clear();
        return new(text, truncated, replaced);
    }

    private void Clear()
    {
        full.Clear();
        (chunk, used) = ([], 0);
    }

    // Gets how many of the bytes may be kept.
    private int LimitToRemaining(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(limit - kept, bytes.Length);
        var cost = JsonCost.Of(bytes[..count]);
        var granted = share is null ? cost : share.Reserve((int)Math.Min(cost, costLeft));
        granted = (int)Math.Min(granted, costLeft);
        costLeft -= granted;
        // A part of the bytes: about as much as was granted, and never more.
        return granted >= cost ? count : Math.Min(count, granted / JsonCost.MaxFactor);
    }

    private void Grow()
    {
        var partial = JsonCost.PartialLength(chunk.AsSpan(0, used));
        var next = GC.AllocateUninitializedArray<byte>(Math.Clamp(kept, FirstChunk, MaxChunk));
        chunk.AsSpan(used - partial, partial).CopyTo(next);
        if (used > 0)
            full.Add(new(chunk, 0, used - partial));
        (chunk, used) = (next, partial);
    }
}
