using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Osapi.Operations;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The kind of a record; the first four are the phases of a job.</summary>
internal enum LedgerRecordKind : byte
{
    Intent = LedgerPhase.Intent,
    Claimed = LedgerPhase.Claimed,
    Finished = LedgerPhase.Finished,
    Published = LedgerPhase.Published,
    Forgotten = 5,
    Cursor = 6,
    Identity = 7,
}

/// <summary>One record of the ledger.</summary>
/// <remarks>
/// Every record is complete in itself, a finished job repeats its claim. So compaction writes the records that are
/// still needed, and on reading the last record of a job wins.
/// </remarks>
internal sealed record LedgerRecord(LedgerRecordKind Kind, string Key, string Executor, string Operation, long Number, DateTimeOffset Time, ReadOnlyMemory<byte>? Entry)
{
    /// <summary>The raw record, when its kind is unknown to this version; otherwise null.</summary>
    public ReadOnlyMemory<byte>? Foreign { get; private init; }

    private const int FixedSize = sizeof(byte) + sizeof(long) + sizeof(long);

    public static LedgerRecord Of(LedgerJob job) =>
        new((LedgerRecordKind)job.Phase, job.JobId.ToString(), job.Executor, job.Operation, job.StartSequence, job.Time, job.Entry);

    public static LedgerRecord Of(LedgerCursor cursor) => new(LedgerRecordKind.Cursor, "", "", "", cursor.Sequence, cursor.StreamCreated, null);

    public static LedgerRecord Identity(string id) => new(LedgerRecordKind.Identity, id, "", "", 0, default, null);

    public static LedgerRecord Forgotten(JobId jobId) => new(LedgerRecordKind.Forgotten, jobId.ToString(), "", "", 0, default, null);

    /// <summary>The job; null for a record that is about none.</summary>
    public JobId? JobId => Operations.JobId.TryParse(Key, out var id) ? id : null;

    /// <summary>The job of the record, which must have one.</summary>
    public LedgerJob Job => new(JobId!.Value, (LedgerPhase)Kind, Executor, Operation, Number, Time, Entry);

    public LedgerCursor Position => new(Time, Number);

    public int Size => Foreign?.Length ?? FixedSize + TextSize(Key) + TextSize(Executor) + TextSize(Operation) + (Entry?.Length ?? 0);

    /// <summary>Writes kind, number, time, key, executor and operation; the rest is the entry.</summary>
    public void Write(Span<byte> into)
    {
        if (Foreign is { } foreign)
        {
            foreign.Span.CopyTo(into);
            return;
        }

        into[0] = (byte)Kind;
        BinaryPrimitives.WriteInt64LittleEndian(into[1..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(into[9..], Time.UtcTicks);
        into = into[FixedSize..];
        foreach (var text in (ReadOnlySpan<string>)[Key, Executor, Operation])
        {
            var length = Encoding.UTF8.GetBytes(text, into[sizeof(ushort)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(into, checked((ushort)length));
            into = into[(sizeof(ushort) + length)..];
        }

        Entry?.Span.CopyTo(into);
    }

    /// <summary>Reads a record; one of an unknown kind is kept raw. False for an invalid one.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> from, [NotNullWhen(true)] out LedgerRecord? record)
    {
        if (from.Length > 0 && !Enum.IsDefined((LedgerRecordKind)from.Span[0]))
        {
            record = (TryReadKnown(from, out var known) ? known : new((LedgerRecordKind)from.Span[0], "", "", "", 0, default, null)) with { Entry = null, Foreign = from };
            return true;
        }

        return TryReadKnown(from, out record);
    }

    private static bool TryReadKnown(ReadOnlyMemory<byte> from, [NotNullWhen(true)] out LedgerRecord? record)
    {
        record = null;
        if (from.Length < FixedSize)
            return false;
        var kind = (LedgerRecordKind)from.Span[0];
        var number = BinaryPrimitives.ReadInt64LittleEndian(from.Span[1..]);
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(from.Span[9..]);
        from = from[FixedSize..];
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks
            || !TryReadText(ref from, out var key) || !TryReadText(ref from, out var executor) || !TryReadText(ref from, out var operation))
            return false;
        record = new(kind, key, executor, operation, number, new(ticks, TimeSpan.Zero), kind == LedgerRecordKind.Finished ? from : default(ReadOnlyMemory<byte>?));
        return true;
    }

    private static int TextSize(string text) => sizeof(ushort) + Encoding.UTF8.GetByteCount(text);

    private static bool TryReadText(ref ReadOnlyMemory<byte> from, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (from.Length < sizeof(ushort))
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(from.Span);
        if (from.Length < sizeof(ushort) + length)
            return false;
        text = Encoding.UTF8.GetString(from.Span.Slice(sizeof(ushort), length));
        from = from[(sizeof(ushort) + length)..];
        return true;
    }
}
