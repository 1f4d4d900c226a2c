using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>The short-lived consumers of one reader, each of which continues where the one before ended.</summary>
internal sealed partial class ReaderConsumers(NatsBroker broker, string stream, string? filter, ConsumerSettings settings)
{
    private static readonly TimeSpan DeleteTimeout = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = broker.Options.Logger;
    private string? newest;

    /// <summary>Creates the next consumer.</summary>
    /// <param name="after">The sequence after which it begins.</param>
    /// <param name="afterInterruption">True when the consumer before was interrupted.</param>
    /// <param name="limit">The time limit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NoResponseException">The broker did not answer.</exception>
    /// <exception cref="TransportException">The broker would read something else.</exception>
    public async Task<INatsJSConsumer> CreateAsync(long after, bool afterInterruption, TimeSpan limit, CancellationToken cancellationToken)
    {
        var consumer = await CreateAnyAsync(after, afterInterruption && broker.IsClustered ? settings.MaxParallelCreates : 1, limit, cancellationToken);
        // A server that ignored the filter would send all messages to everybody.
        if (consumer.Info.Config.FilterSubject != filter)
            throw new TransportException($"The broker reads {stream} with the filter '{consumer.Info.Config.FilterSubject}' instead of '{filter}'.");
        newest = consumer.Info.Name;
        return consumer;
    }

    /// <summary>Removes the newest consumer, which the broker otherwise does after a while: for short-lived, frequent readers.</summary>
    public async Task DeleteAsync()
    {
        try
        {
            if (newest is { } name)
                await broker.AttemptAsync($"{broker.Api}.CONSUMER.DELETE.{stream}.{name}", token => broker.JetStream.DeleteConsumerAsync(stream, name, token), DeleteTimeout, CancellationToken.None);
        }
        catch (Exception failure) when (failure is NoResponseException or TransportException or ObjectDisposedException)
        {
            LogConsumerNotDeleted(failure, name: newest!, stream);
        }
    }

    // The cluster puts a consumer on any of its servers, for many seconds also on one that was cut off, and then there is no answer: of
    // several that are asked for the first counts. The others are forgotten by the broker.
    private async Task<INatsJSConsumer> CreateAnyAsync(long after, int count, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = Enumerable.Range(0, count).Select(_ => CreateOneAsync(after, limit, first.Token)).ToList();
        try
        {
            while (true)
            {
                var ended = await Task.WhenAny(asked);
                asked.Remove(ended);
                if (ended.IsCompletedSuccessfully || asked.Count == 0)
                    return await ended;
            }
        }
        finally
        {
            await first.CancelAsync();
            await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<INatsJSConsumer> CreateOneAsync(long after, TimeSpan limit, CancellationToken cancellationToken)
    {
        ConsumerConfig config = new()
        {
            Name = $"r-{Guid.NewGuid():N}",
            FilterSubject = filter,
            DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence,
            OptStartSeq = (ulong)after + 1,
            AckPolicy = ConsumerConfigAckPolicy.None,
            MemStorage = true,
            NumReplicas = 1,
            InactiveThreshold = settings.InactiveThreshold,
        };
        var subject = $"{broker.Api}.CONSUMER.CREATE.{stream}.{config.Name}{(filter is null ? "" : $".{filter}")}";
        return broker.AttemptAsync(subject, token => broker.JetStream.CreateConsumerAsync(stream, config, token), limit, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The consumer {Name} of {Stream} was not deleted; the broker removes it after a while")]
    private partial void LogConsumerNotDeleted(Exception failure, string name, string stream);
}
