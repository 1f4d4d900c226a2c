using System.Globalization;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations.Audit;
using Osapi.Transport;

namespace Osapi.Controller.Audit;

/// <summary>Copies the chains of the other controllers from the log, and writes their heads into this controller's chain.</summary>
/// <remarks>So each controller answers queries for all, and a tail that is cut from one's files is still with the others.</remarks>
internal sealed partial class AuditCopies(AuditChain chain, AuditLimits limits, ITransport transport, TimeProvider time, ILogger<AuditCopies> logger) : BackgroundService
{
    /// <summary>The maximum number of other controllers, past ones included.</summary>
    public const int MaxChains = 64;

    /// <summary>The time between two anchors of a chain.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, AuditCopy> copies = [];
    private readonly Lock gate = new();
    private (DateTimeOffset Created, long Sequence) position;

    public override void Dispose()
    {
        foreach (var copy in copies.Values)
            copy.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (transport.IsShared)
            Anchor();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!transport.IsShared)
            return;
        position = ReadPosition();
        var anchoring = PeriodicLoop.RunAsync(
            Interval,
            time,
            _ =>
            {
                Anchor();
                return Task.CompletedTask;
            },
            stoppingToken);
        await new RetryLoop(time, RetryDelay).RunAsync(() => FollowAsync(stoppingToken), LogNotCopied, stoppingToken);
        await anchoring;
    }

    private string PositionFile => Path.Combine(chain.Files.Root, "position");

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var log = await transport.StateAsync(StreamName.Audit, cancellationToken);
        var after = position.Created == log.Created && position.Sequence <= log.LastSequence ? position.Sequence : 0;
        try
        {
            await foreach (var message in transport.FollowAsync(StreamName.Audit, AuditHeads.Prefix, after, cancellationToken))
                lock (gate)
                {
                    Copy(message);
                    position = (log.Created, message.Sequence);
                }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TransportException($"the copy cannot be written: {failure.Message}", failure);
        }
    }

    private void Copy(Message message)
    {
        if (AuditHeads.ChainOf(message) is not { } name || name == chain.Files.Own)
            return;
        if (!copies.TryGetValue(name, out var copy))
        {
            if (copies.Count == MaxChains)
                return;
            copies[name] = copy = new(chain.Files, name, limits);
        }

        foreach (var (line, bytes) in AuditHeads.LinesOf(message, name, chain.Keys))
            if (copy.Add(line, bytes, time.GetUtcNow()) is > 0 and var missing)
                LogMissing(missing, name, line.Number);
    }

    private void Anchor()
    {
        try
        {
            lock (gate)
            {
                foreach (var copy in copies.Values.Where(copy => copy.NeedsAnchor))
                {
                    copy.Flush();
                    chain.Write(new() { Timestamp = time.GetUtcNow(), Kind = AuditKind.Anchor, Head = copy.Head });
                    copy.NeedsAnchor = false;
                }

                // After the flush: what is passed over at the next start is on the disk.
                if (position.Sequence > 0)
                    AuditFiles.Replace(PositionFile, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{position.Created.UtcTicks} {position.Sequence}\n")));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotCopied(failure.Message);
        }
    }

    private (DateTimeOffset Created, long Sequence) ReadPosition() =>
        File.Exists(PositionFile) && File.ReadAllText(PositionFile).Split(' ') is [var ticks, var sequence]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var created) && created <= DateTimeOffset.MaxValue.Ticks
        && long.TryParse(sequence, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? (new(created, TimeSpan.Zero), number)
            : default;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} audit entries of controller {Controller} before {Number} were not in the log any more, and are not copied")]
    private partial void LogMissing(long count, string controller, long number);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit logs of other controllers are not copied, trying again: {Reason}")]
    private partial void LogNotCopied(string reason);
}
