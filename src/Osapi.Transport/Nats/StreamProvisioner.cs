using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>
/// Makes the streams be there, as they have to be. Whoever may create them does so; everybody else waits. It is patient
/// with a broker that starts or elects, and not with one that does something else than it was asked.
/// </summary>
internal sealed partial class StreamProvisioner(NatsBroker broker)
{
    private const int ConfirmationChecks = 10;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConfirmationInterval = TimeSpan.FromMilliseconds(50);

    private readonly ILogger logger = broker.Options.Logger;
    private readonly bool creates = broker.Options.CreateStreams;
    private readonly HashSet<string> made = [];
    private bool mustConfirm = broker.Options.SeenStreams;
    private long? missingSince;

    /// <summary>Creates at once what is missing, because the broker has said for long enough that it is.</summary>
    public Task RecreateAsync(CancellationToken cancellationToken)
    {
        mustConfirm = false;
        return RunAsync(cancellationToken);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        CheckServer();
        foreach (var wanted in StreamSettings.For(broker.Options))
            await EnsureAsync($"{broker.Api}.STREAM.{(creates ? "CREATE" : "INFO")}.{wanted.Name}", token => EnsureAsync(wanted, token), cancellationToken);
        var queue = broker.Names.StreamOf(StreamName.WorkQueue);
        foreach (var name in Enum.GetValues<QueueName>())
            await EnsureAsync($"{broker.Api}.CONSUMER.INFO.{queue}.{NatsNames.ConsumerOf(name)}", token => EnsureAsync(queue, StreamSettings.Queue(broker.Options, name), token), cancellationToken);
        if (broker.Options.SeenStreams && made.Count > 0)
            LogLost(new StreamLossMessages(broker.Names).Describe(made));
    }

    private void CheckServer()
    {
        var version = broker.Connection.ServerInfo?.Version ?? "";
        var number = version.Split('-')[0];
        if (Version.TryParse(number, out var parsed) && parsed < new Version(2, 9))
            throw new TransportException($"The NATS server {broker.Connection.ServerInfo!.Name} has version {version}; 2.9 or newer is needed.");
    }

    private async Task EnsureAsync(string subject, Func<CancellationToken, ValueTask<bool>> ensure, CancellationToken cancellationToken)
    {
        var pauses = RetryBackoff.ForBroker(broker.Time, MaxRetryDelay);
        while (true)
            try
            {
                await broker.AttemptAsync(subject, ensure, NatsBroker.RequestTimeout, cancellationToken);
                return;
            }
            catch (NoResponseException none)
            {
                if (none is not MissingStreamException)
                    missingSince = null;
                LogWaiting(subject, none.Message);
                await broker.PauseAsync(pauses, cancellationToken);
            }
    }

    private async ValueTask<bool> EnsureAsync(StreamConfig wanted, CancellationToken cancellationToken)
    {
        var found = await FindAsync(wanted.Name!, cancellationToken) ?? await CreateOrUpdateAsync(wanted, cancellationToken);
        Refuse(wanted.Name!, StreamConfigDifferences.Fixed(wanted, found));
        var differences = string.Join(", ", StreamConfigDifferences.Adjustable(wanted, found));
        if (!creates || differences.Length == 0)
            return true;
        LogAdjusting(wanted.Name!, differences);
        // What somebody set beside our settings stays.
        var adjusted = found with
        {
            MaxAge = wanted.MaxAge,
            NumReplicas = wanted.NumReplicas,
            MaxMsgSize = wanted.MaxMsgSize,
            DuplicateWindow = wanted.DuplicateWindow,
            AllowDirect = wanted.AllowDirect,
            AllowRollupHdrs = wanted.AllowRollupHdrs,
        };
        Refuse(wanted.Name!, StreamConfigDifferences.Adjustable(wanted, (await broker.JetStream.UpdateStreamAsync(adjusted, cancellationToken)).Info.Config));
        return true;
    }

    private async ValueTask<bool> EnsureAsync(string stream, ConsumerConfig wanted, CancellationToken cancellationToken)
    {
        var found = await FindConsumerAsync(stream, wanted.DurableName!, cancellationToken);
        // Of an earlier version, which had one queue.
        if (creates && found is { FilterSubject: null or "" })
            found = (await broker.JetStream.UpdateConsumerAsync(stream, found with { FilterSubject = wanted.FilterSubject }, cancellationToken)).Info.Config;
        found ??= (creates ? (await broker.JetStream.CreateConsumerAsync(stream, wanted, cancellationToken)).Info.Config : throw new NoResponseException("it is not there yet; a controller creates it."));
        Refuse($"{stream}.{wanted.DurableName}", StreamConfigDifferences.Of(wanted, found));
        return true;
    }

    private async Task<StreamConfig> CreateOrUpdateAsync(StreamConfig wanted, CancellationToken cancellationToken)
    {
        if (!creates)
            throw new NoResponseException("it is not there yet; a controller creates it.");
        if (mustConfirm)
        {
            missingSince ??= broker.Time.GetTimestamp();
            var left = StreamLossDetector.ConfirmationPeriod - broker.Time.GetElapsedTime(missingSince.Value);
            if (left > TimeSpan.Zero)
                throw new MissingStreamException($"it was there once and is not there now; if the broker still says so in {left.TotalSeconds:0} s it is made anew.");
            mustConfirm = false;
        }

        var config = await CreateAsync(wanted, cancellationToken);
        made.Add(wanted.Name!);
        return config;
    }

    // While somebody else makes the very same stream, the server says that its subjects are taken, and a moment later it is there.
    private async Task<StreamConfig> CreateAsync(StreamConfig wanted, CancellationToken cancellationToken)
    {
        try
        {
            return (await broker.JetStream.CreateStreamAsync(wanted, cancellationToken)).Info.Config;
        }
        catch (NatsJSApiException taken) when (taken.Error.ErrCode == NatsErrors.SubjectsOverlap)
        {
            for (var look = 0; look < ConfirmationChecks; look++)
            {
                await Task.Delay(ConfirmationInterval, broker.Time, cancellationToken);
                if (await FindAsync(wanted.Name!, cancellationToken) is { } found)
                    return found;
            }

            throw;
        }
    }

    private async Task<StreamConfig?> FindAsync(string stream, CancellationToken cancellationToken)
    {
        try
        {
            return (await broker.JetStream.GetStreamAsync(stream, cancellationToken: cancellationToken)).Info.Config;
        }
        catch (NatsJSApiException none) when (none.Error.ErrCode == NatsErrors.NoSuchStream)
        {
            return null;
        }
    }

    private async Task<ConsumerConfig?> FindConsumerAsync(string stream, string consumer, CancellationToken cancellationToken)
    {
        try
        {
            return (await broker.JetStream.GetConsumerAsync(stream, consumer, cancellationToken)).Info.Config;
        }
        catch (NatsJSApiException none) when (none.Error.ErrCode == NatsErrors.NoSuchConsumer)
        {
            return null;
        }
    }

    private void Refuse(string name, IEnumerable<string> differences)
    {
        if (differences.ToList() is { Count: > 0 } list)
            throw new TransportException(
                $"The broker (server {broker.Connection.ServerInfo?.Name}, version {broker.Connection.ServerInfo?.Version}) has {name} with {string.Join(", ", list)}. "
                + "Either it was created by something else, then remove it or choose another prefix; or the server ignores what it was asked for.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker came back without its store. Lost, and made anew without content: {Lost}")]
    private partial void LogLost(string lost);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for {Subject}: {Reason}")]
    private partial void LogWaiting(string subject, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Changing the stream {Stream}: it has {Differences}")]
    private partial void LogAdjusting(string stream, string differences);
}
