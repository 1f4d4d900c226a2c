using System.Buffers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Operations.Audit;
using Osapi.Transport;

namespace Osapi.Controller.Audit;

/// <summary>Writes the head of this controller's chain into the log, and in a shared store the entries before it, for the other controllers.</summary>
/// <remarks>Only what is durable here goes into the log. So when the files end before the head in the log, entries were removed.</remarks>
internal sealed partial class AuditShipper(AuditChain chain, ITransport transport, TimeProvider time, ILogger<AuditShipper> logger) : BackgroundService
{
    /// <summary>The time between two heads in the log.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>The time after which other controllers have an entry.</summary>
    public static readonly TimeSpan SharedInterval = TimeSpan.FromSeconds(1);

    private const int MaxMessageBytes = 128 * 1024;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim shipping = new(1, 1);
    private long shipped;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await AuditHeads.FindAsync(transport, chain.Files.Own, chain.Keys, cancellationToken) is { } head)
        {
            shipped = head.Number;
            var place = await TryWriteAsync(() => chain.ContinueAfterAsync(head));
            if (place?.Number == head.Number + 1)
                LogMissing(head.Number);
        }

        chain.Write(new() { Timestamp = time.GetUtcNow(), Kind = AuditKind.Start, Detail = $"version {ProductVersion.Text}" });
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        chain.Write(new() { Timestamp = time.GetUtcNow(), Kind = AuditKind.Stop });
        using CancellationTokenSource timeout = new(StopTimeout, time);
        try
        {
            await ShipAsync(timeout.Token);
        }
        catch (Exception exception) when (exception is TransportException or OperationCanceledException)
        {
            LogNotShipped(exception.Message);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        PeriodicLoop.RunAsync(transport.IsShared ? SharedInterval : Interval, time, ShipAsync, failure => LogNotShipped(failure.Message), stoppingToken);

    /// <summary>Writes what the log does not have yet.</summary>
    public async Task ShipAsync(CancellationToken cancellationToken)
    {
        await shipping.WaitAsync(cancellationToken);
        try
        {
            if (await TryWriteAsync(chain.FlushAsync) is not { } head || head.Number <= shipped)
                return;
            foreach (var (payload, last) in Payloads(head.Number))
            {
                var result = await transport.AppendAsync([new(StreamName.Audit, AuditHeads.SubjectOf(chain.Files.Own), payload)], cancellationToken);
                // One head is enough where nobody else reads.
                if (!transport.IsShared)
                    await transport.PurgeAsync(StreamName.Audit, AuditHeads.SubjectOf(chain.Files.Own), result.Sequence, cancellationToken);
                shipped = last;
            }
        }
        finally
        {
            shipping.Release();
        }
    }

    private IEnumerable<(ReadOnlyMemory<byte> Payload, long Last)> Payloads(long head)
    {
        ArrayBufferWriter<byte> payload = new();
        var last = shipped;
        foreach (var (line, number) in LinesAfter(transport.IsShared ? shipped : head - 1).TakeWhile(line => line.Number <= head))
        {
            payload.Write(line.Span);
            payload.Write("\n"u8);
            last = number;
            if (payload.WrittenCount < MaxMessageBytes)
                continue;
            yield return (payload.WrittenMemory.ToArray(), last);
            payload.Clear();
        }

        if (payload.WrittenCount > 0)
            yield return (payload.WrittenMemory.ToArray(), last);
    }

    private IEnumerable<(ReadOnlyMemory<byte> Line, long Number)> LinesAfter(long number)
    {
        var segments = chain.Files.Segments(chain.Files.Own);
        foreach (var segment in segments.Skip(Math.Max(0, segments.Count(segment => segment.First <= number + 1) - 1)))
            foreach (var (line, isTorn) in AuditLines.Forward(segment.Path))
                if (!isTorn && AuditLine.TryRead(line, out var read) && read.Number > number)
                    yield return (line, read.Number);
    }

    private static async Task<AuditHead?> TryWriteAsync(Func<Task<AuditHead>> write)
    {
        try
        {
            return await write();
        }
        catch (OperationException)
        {
            // The chain has logged it, and goes on when the disk does.
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log ended before entry {Number}, whose head is in the log: entries were removed from the files")]
    private partial void LogMissing(long number);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The head of the audit log was not written to the log, trying again: {Reason}")]
    private partial void LogNotShipped(string reason);
}
