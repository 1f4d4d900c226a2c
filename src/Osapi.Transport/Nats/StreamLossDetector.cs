using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>
/// Notices that the broker came back without its store, and makes the streams anew. A cluster that starts, a backup that is being restored and an
/// account that was changed by mistake say the same for a while: so the broker has to say it of the same streams for <see cref="ConfirmationPeriod"/>, over one
/// connection and without a pause. Only the leader of JetStream says that a stream is not there.
/// </summary>
internal sealed partial class StreamLossDetector(NatsBroker broker, StreamStore streams)
{
    /// <summary>How long the broker has to say that a stream is not there.</summary>
    public static readonly TimeSpan ConfirmationPeriod = TimeSpan.FromSeconds(10);

    /// <summary>The time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan IntervalWhileMissing = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = broker.Options.Logger;
    private readonly StreamLossMessages contents = new(broker.Names);
    private HashSet<string> missing = [];
    private long since;
    private CancellationToken connection;

    public async Task RunAsync(CancellationToken closing)
    {
        try
        {
            while (true)
            {
                await Task.Delay(missing.Count > 0 ? IntervalWhileMissing : Interval, broker.Time, closing);
                await CheckAsync(closing);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The transport is being closed.
        }
    }

    private async Task CheckAsync(CancellationToken closing)
    {
        var now = broker.Interruption;
        var found = await MissingAsync(closing);
        if (found is not { Count: > 0 } || now != broker.Interruption)
        {
            missing = [];
            return;
        }

        // Only what is missing all the time counts; what comes and goes is being restored, or moved.
        if (missing.Count == 0 || now != connection || !missing.SetEquals(found))
        {
            if (missing.Count == 0)
                LogMissing(string.Join(", ", found.Order(StringComparer.Ordinal)), ConfirmationPeriod.TotalSeconds);
            (missing, since, connection) = (found, broker.Time.GetTimestamp(), now);
        }
        else if (broker.Time.GetElapsedTime(since) >= ConfirmationPeriod)
        {
            await RecreateAsync(closing);
        }
    }

    // Null when the broker does not answer for each of them.
    private async Task<HashSet<string>?> MissingAsync(CancellationToken closing)
    {
        HashSet<string> found = [];
        foreach (var wanted in StreamSettings.For(broker.Options))
            try
            {
                if (!await streams.ExistsAsync(wanted.Name!, closing))
                    found.Add(wanted.Name!);
            }
            catch (Exception failure) when (failure is NoResponseException or TransportException)
            {
                return null;
            }

        return found;
    }

    private async Task RecreateAsync(CancellationToken closing)
    {
        if (!broker.Options.SeenStreams)
            LogLost(contents.Describe(missing));
        try
        {
            await new StreamProvisioner(broker).RecreateAsync(closing);
            missing = [];
        }
        catch (TransportException failure)
        {
            since = broker.Time.GetTimestamp();
            LogNotRecreated(failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker says that it has no {Streams}; if it still says so in {Seconds} s they are made anew")]
    private partial void LogMissing(string streams, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker came back without its store. Lost, and made anew without content: {Lost}")]
    private partial void LogLost(string lost);

    [LoggerMessage(Level = LogLevel.Error, Message = "The streams could not be made anew, trying again: {Reason}")]
    private partial void LogNotRecreated(string reason);
}
