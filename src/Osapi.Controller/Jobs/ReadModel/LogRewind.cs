using Microsoft.Extensions.Logging;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>A request to read the log again from an earlier message, which the broker left out when it was read.</summary>
/// <remarks>
/// A message that was applied before changes nothing when it is read again. So only the time is lost, which is why a log is not read
/// again more often than every 10 seconds, whatever callers ask for.
/// </remarks>
internal sealed partial class LogRewind(TimeProvider time, ILogger<LogRewind> logger) : IDisposable
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private CancellationTokenSource reading = new();
    private long? requested;
    private long? lastTime;

    /// <summary>Ends the present reading of the log, so that it begins again with a message.</summary>
    public void Request(long sequence)
    {
        lock (gate)
        {
            if (requested is null && lastTime is { } last && time.GetElapsedTime(last) < MinInterval)
                return;
            lastTime = time.GetTimestamp();
            requested = Math.Min(requested ?? long.MaxValue, sequence);
            reading.Cancel();
        }

        LogLeftOut(sequence);
    }

    /// <summary>Begins a reading of the log.</summary>
    /// <param name="requested">The sequence of the message to begin with at the latest; null when nothing was left out.</param>
    /// <returns>The token that ends the reading.</returns>
    public CancellationToken Begin(out long? requested)
    {
        lock (gate)
        {
            if (reading.IsCancellationRequested)
            {
                reading.Dispose();
                reading = new();
            }

            (requested, this.requested) = (this.requested, null);
            return reading.Token;
        }
    }

    public void Dispose() => reading.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker left out {Sequence} when the log of jobs was read; it is read again from there")]
    private partial void LogLeftOut(long sequence);
}
