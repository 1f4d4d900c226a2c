using System.IO.Pipes;
using Osapi.Transport;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Captures a stream of a command, up to a limit, and discards the rest so that the command is not blocked.</summary>
internal abstract class OutputCapture
{
    private const int BufferSize = 64 * 1024;

    // The maximum capacity of a pipe (pipe(7)), so that everything already written is read.
    private const int MaxPipeBytes = 1024 * 1024;

    /// <summary>Reads to the end. When stopped, it reads the current content of the pipe and ends.</summary>
    public async Task ReadAsync(AnonymousPipeServerStream pipe, CancellationToken stop)
    {
        var buffer = BufferPool.Instance.Rent(BufferSize);
        try
        {
            while (await pipe.ReadAsync(buffer.AsMemory(0, BufferSize), stop) is > 0 and var count)
                Keep(buffer.AsSpan(0, count));
        }
        catch (OperationCanceledException)
        {
            for (var left = MaxPipeBytes; left > 0 && TryRead(pipe, buffer) is > 0 and var count; left -= count)
                Keep(buffer.AsSpan(0, count));
        }
        finally
        {
            BufferPool.Instance.Return(buffer);
        }
    }

    /// <summary>Keeps bytes up to the limits.</summary>
    public abstract void Keep(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the capture, and gets its text.</summary>
    public abstract CapturedText Text();

    private static unsafe int TryRead(AnonymousPipeServerStream pipe, byte[] buffer)
    {
        ProcessCalls.PollRequest request = new() { Descriptor = (int)pipe.SafePipeHandle.DangerousGetHandle(), Events = ProcessCalls.PollIn };
        if (ProcessCalls.Poll(ref request, 1, timeout: 0) <= 0 || (request.ReturnedEvents & ProcessCalls.PollIn) == 0)
            return 0;
        fixed (byte* start = buffer)
            return (int)ProcessCalls.Read(pipe.SafePipeHandle, start, BufferSize);
    }
}
