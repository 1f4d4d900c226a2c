using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>Detects that the broker came back without its store, and recreates the streams.</summary>
/// <remarks>
/// A starting cluster, a backup being restored and an account changed by mistake look the same for a while. So the
/// broker has to report the same streams as missing for <see cref="ConfirmationPeriod"/>, over one connection and
/// without a break. Only the leader of JetStream reports a missing stream.
/// </remarks>
internal sealed partial class StreamLossDetector(NatsBroker broker, StreamStore streams)
{
    /// <summary>The time for which the broker has to report that a stream is missing.</summary>
    public static readonly TimeSpan ConfirmationPeriod = TimeSpan.FromSeconds(10);

    /// <summary>The time between two checks.</summary>
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

        // Only streams that are missing all the time count; those that come and go are being restored or moved.
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker reports {Streams} as missing; they are recreated if it still does so in {Seconds} s")]
    private partial void LogMissing(string streams, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker came back without its store. Lost and recreated empty: {Lost}")]
    private partial void LogLost(string lost);

    [LoggerMessage(Level = LogLevel.Error, Message = "Recreating the streams failed, trying again: {Reason}")]
    private partial void LogNotRecreated(string reason);
}
