using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Osapi.Transport.Nats;

/// <summary>Signals as plain messages of the broker.</summary>
internal sealed partial class NatsSignals : ISignals
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private static readonly NatsSubOpts Settings = new()
    {
        ChannelOpts = new() { Capacity = 1024, FullMode = BoundedChannelFullMode.DropOldest },
    };

    private readonly NatsBroker broker;
    private readonly ILogger logger;
    private readonly string prefix;
    private long dropped;
    private long lastLogged;

    public NatsSignals(NatsBroker broker)
    {
        this.broker = broker;
        logger = broker.Options.Logger;
        prefix = broker.Names.Signals;
        broker.Connection.MessageDropped += (_, args) =>
        {
            Count(args.Subject);
            return ValueTask.CompletedTask;
        };
    }

    public async Task SendAsync(string subject, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        try
        {
            await broker.AttemptAsync(prefix + subject, PublishAsync, NatsBroker.RequestTimeout, cancellationToken);
        }
        catch (NoResponseException none)
        {
            throw new TransportException($"The signal {subject} was not sent: {none.Message}", none.InnerException);
        }

        async ValueTask<bool> PublishAsync(CancellationToken token)
        {
            await broker.Connection.PublishAsync(prefix + subject, payload, serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default, cancellationToken: token);
            return true;
        }
    }

    public async IAsyncEnumerable<Signal> ListenAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, broker.Closing);
        if (await TryListenAsync(NatsNames.Filter(this.prefix, prefix), ending.Token) is { } listening)
            await using (listening)
                while (await TryReadAsync(listening, ending.Token) is { } message)
                    yield return new(message.Subject[this.prefix.Length..], message.Data ?? []);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<INatsSub<byte[]>?> TryListenAsync(string filter, CancellationToken ending)
    {
        try
        {
            return await broker.Connection.SubscribeCoreAsync(filter, serializer: NatsRawSerializer<byte[]>.Default, opts: Settings, cancellationToken: ending);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or NatsException && ending.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<NatsMsg<byte[]>?> TryReadAsync(INatsSub<byte[]> listening, CancellationToken ending)
    {
        try
        {
            return await listening.Msgs.ReadAsync(ending);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ChannelClosedException or ObjectDisposedException)
        {
            return null;
        }
    }

    private void Count(string subject)
    {
        Telemetry.DroppedSignals.Add(1);
        var count = Interlocked.Increment(ref dropped);
        var last = Interlocked.Read(ref lastLogged);
        var now = broker.Time.GetTimestamp();
        if ((last == 0 || broker.Time.GetElapsedTime(last, now) >= LogInterval) && Interlocked.CompareExchange(ref lastLogged, now, last) == last)
            LogDropped(count, subject);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A listener falls behind: {Count} signals were dropped so far, the last on {Subject}")]
    private partial void LogDropped(long count, string subject);
}
