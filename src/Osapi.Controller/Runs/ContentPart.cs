using System.Buffers.Binary;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>A message with a part of a run's content: its key, its number, and bytes. The first part begins with the number of parts.</summary>
/// <param name="Key">The key that the parts of one content have in common.</param>
/// <param name="Number">The number, from 0.</param>
/// <param name="Data">The bytes.</param>
internal readonly record struct ContentPart(string Key, int Number, ReadOnlyMemory<byte> Data)
{
    private const int MaxPartSize = 240 * 1024;
    private const int KeySize = 16;
    private const int HeaderSize = KeySize + sizeof(int);

    /// <summary>Creates the messages with content, under a new key.</summary>
    public static (string Key, IReadOnlyList<Append> Messages) Split(RunId run, RunContent content)
    {
        var bytes = RunJson.Pack(content, RunJson.Stored.RunContent);
        var key = Guid.NewGuid();
        var parts = bytes.Chunk(MaxPartSize).ToList();
        return (key.ToString("N"), [.. parts.Select((part, number) => new Append(StreamName.Runs, RunSubjects.Content(run), Write(key, number, number == 0 ? parts.Count : null, part)))]);
    }

    /// <summary>Reads a message; null when it is not one.</summary>
    public static ContentPart? Read(ReadOnlyMemory<byte> message) => message.Length <= HeaderSize
        ? null
        : new(new Guid(message.Span[..KeySize]).ToString("N"), BinaryPrimitives.ReadInt32LittleEndian(message.Span[KeySize..]), message[HeaderSize..]);

    /// <summary>Joins the data of all parts; null when one is missing.</summary>
    public static RunContent? Join(IReadOnlyList<byte[]> parts) =>
        parts is [{ Length: > sizeof(int) } first, ..] && BinaryPrimitives.ReadInt32LittleEndian(first) == parts.Count
            ? RunJson.Unpack<RunContent>([.. first.AsSpan(sizeof(int)), .. parts.Skip(1).SelectMany(part => part)], RunJson.Stored.RunContent)
            : null;

    private static byte[] Write(Guid key, int number, int? count, ReadOnlySpan<byte> data)
    {
        var start = HeaderSize + (count is null ? 0 : sizeof(int));
        var message = new byte[start + data.Length];
        key.TryWriteBytes(message);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(KeySize), number);
        if (count is { } parts)
            BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderSize), parts);
        data.CopyTo(message.AsSpan(start));
        return message;
    }
}
