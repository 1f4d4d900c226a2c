using System.Buffers;
using System.IO.Pipes;
using System.Text;
using System.Text.Unicode;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Keeps the beginning of a stream, and reads the rest so that the writer is not held up.</summary>
/// <param name="limit">The bytes to keep.</param>
internal sealed class OutputCapture(int limit) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    // The most that a pipe holds (pipe(7)): what had been written by then is in it.
    private const int MostInPipe = 1024 * 1024;

    private readonly MemoryStream kept = new();
    private bool truncated;

    /// <summary>Reads to the end. When told to stop, takes what the pipe holds at that moment and leaves it.</summary>
    public async Task ReadAsync(AnonymousPipeServerStream pipe, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await pipe.ReadAsync(buffer.AsMemory(0, BufferSize), stop) is > 0 and var count)
                Keep(buffer.AsSpan(0, count));
        }
        catch (OperationCanceledException)
        {
            for (var left = MostInPipe; left > 0 && TryRead(pipe, buffer) is > 0 and var count; left -= count)
                Keep(buffer.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Keeps what was read, as far as there is room.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        var room = limit - (int)kept.Length;
        truncated |= bytes.Length > room;
        kept.Write(bytes[..Math.Min(room, bytes.Length)]);
    }

    /// <summary>What was kept, as text.</summary>
    public CapturedText Text()
    {
        var bytes = kept.GetBuffer().AsSpan(0, (int)kept.Length);
        // The limit may lie inside a character, which then is no fault of the writer.
        if (truncated && Rune.DecodeLastFromUtf8(bytes, out _, out var partial) == OperationStatus.NeedMoreData)
            bytes = bytes[..^partial];
        return new(Encoding.UTF8.GetString(bytes), truncated, !Utf8.IsValid(bytes));
    }

    public void Dispose() => kept.Dispose();

    private static unsafe int TryRead(AnonymousPipeServerStream pipe, byte[] buffer)
    {
        Libc.PollRequest request = new() { Descriptor = (int)pipe.SafePipeHandle.DangerousGetHandle(), Events = Libc.PollIn };
        if (Libc.Poll(ref request, 1, timeout: 0) <= 0 || (request.Happened & Libc.PollIn) == 0)
            return 0;
        fixed (byte* start = buffer)
            return (int)Libc.Read(pipe.SafePipeHandle, start, BufferSize);
    }
}
