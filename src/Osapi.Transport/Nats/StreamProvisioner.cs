using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>
/// Ensures that the streams exist with the required settings. Processes that may create them do so; the others wait.
/// </summary>
/// <remarks>It waits for a broker that starts or elects, and fails for one that applies other settings than requested.</remarks>
internal sealed partial class StreamProvisioner(NatsBroker broker)
{
    private const int ConfirmationChecks = 10;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConfirmationInterval = TimeSpan.FromMilliseconds(50);

    private readonly ILogger logger = broker.Options.Logger;
    private readonly bool creates = broker.Options.CreateStreams;
    private readonly HashSet<string> recreated = [];
    private bool mustConfirmLoss = broker.Options.SeenStreams;
    private long? missingSince;

    /// <summary>Recreates missing streams at once, because the broker has reported them missing for long enough.</summary>
    public Task RecreateAsync(CancellationToken cancellationToken)
    {
        mustConfirmLoss = false;
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
        if (broker.Options.SeenStreams && recreated.Count > 0)
            LogLost(new StreamLossMessages(broker.Names).Describe(recreated));
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
        var backoff = RetryBackoff.ForBroker(broker.Time, MaxRetryDelay);
        while (true)
            try
            {
                await broker.AttemptAsync(subject, ensure, NatsBroker.RequestTimeout, cancellationToken);
                return;
            }
            catch (NoResponseException failure)
            {
                if (failure is not MissingStreamException)
                    missingSince = null;
                LogWaiting(subject, failure.Message);
                await broker.DelayAsync(backoff, cancellationToken);
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
        // Settings that an administrator added are kept.
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
        // Created by an earlier version, which had one queue.
        if (creates && found is { FilterSubject: null or "" })
            found = (await broker.JetStream.UpdateConsumerAsync(stream, found with { FilterSubject = wanted.FilterSubject }, cancellationToken)).Info.Config;
        found ??= (creates ? (await broker.JetStream.CreateConsumerAsync(stream, wanted, cancellationToken)).Info.Config : throw new NoResponseException("it does not exist yet; a controller creates it."));
        Refuse($"{stream}.{wanted.DurableName}", StreamConfigDifferences.Of(wanted, found));
        return true;
    }

    private async Task<StreamConfig> CreateOrUpdateAsync(StreamConfig wanted, CancellationToken cancellationToken)
    {
        if (!creates)
            throw new NoResponseException("it does not exist yet; a controller creates it.");
        // A store of an earlier version does not have these: they are not lost.
        var isNew = recreated.Count == 0 && (wanted.Name == NatsNames.ObjectStream(broker.Names.Requests) || wanted.Name == broker.Names.StreamOf(StreamName.Audit));
        if (mustConfirmLoss && !isNew)
        {
            missingSince ??= broker.Time.GetTimestamp();
            var left = StreamLossDetector.ConfirmationPeriod - broker.Time.GetElapsedTime(missingSince.Value);
            if (left > TimeSpan.Zero)
                throw new MissingStreamException($"it existed before and is missing now; it is recreated if the broker still reports it missing in {left.TotalSeconds:0} s.");
            mustConfirmLoss = false;
        }

        var config = await CreateAsync(wanted, cancellationToken);
        if (!isNew)
            recreated.Add(wanted.Name!);
        return config;
    }

    // While another process creates the same stream, the server reports overlapping subjects, and a moment later the
    // stream exists.
    private async Task<StreamConfig> CreateAsync(StreamConfig wanted, CancellationToken cancellationToken)
    {
        try
        {
            return (await broker.JetStream.CreateStreamAsync(wanted, cancellationToken)).Info.Config;
        }
        catch (NatsJSApiException conflict) when (conflict.Error.ErrCode == NatsErrors.SubjectsOverlap)
        {
            for (var attempt = 0; attempt < ConfirmationChecks; attempt++)
            {
                await Task.Delay(ConfirmationInterval, broker.Time, cancellationToken);
                if (await FindAsync(wanted.Name!, cancellationToken) is { } found)
                    return found;
            }

            throw;
        }
        catch (NatsJSApiException missing) when (missing.Error.ErrCode == NatsErrors.NoSuchStream)
        {
            // A cluster says so of a stream that it has placed and not started yet.
            throw new NoResponseException("it is being created.", missing);
        }
    }

    private async Task<StreamConfig?> FindAsync(string stream, CancellationToken cancellationToken)
    {
        try
        {
            return (await broker.JetStream.GetStreamAsync(stream, cancellationToken: cancellationToken)).Info.Config;
        }
        catch (NatsJSApiException failure) when (failure.Error.ErrCode == NatsErrors.NoSuchStream)
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
        catch (NatsJSApiException failure) when (failure.Error.ErrCode == NatsErrors.NoSuchConsumer)
        {
            return null;
        }
    }

    private void Refuse(string name, IEnumerable<string> differences)
    {
        if (differences.ToList() is { Count: > 0 } list)
            throw new TransportException(
                $"The broker (server {broker.Connection.ServerInfo?.Name}, version {broker.Connection.ServerInfo?.Version}) has {name} with {string.Join(", ", list)}. "
                + "Either another system created it: remove it or choose another prefix. Or the server ignores settings.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker came back without its store. Lost and recreated empty: {Lost}")]
    private partial void LogLost(string lost);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for {Subject}: {Reason}")]
    private partial void LogWaiting(string subject, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Changing the stream {Stream}: it has {Differences}")]
    private partial void LogAdjusting(string stream, string differences);
}
