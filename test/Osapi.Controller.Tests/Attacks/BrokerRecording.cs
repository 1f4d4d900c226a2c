using System.Collections.Concurrent;
using NATS.Client.Core;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>Everything that was published for a system on its broker, as a client with the controllers' account sees it.</summary>
internal sealed class BrokerRecording : IAsyncDisposable
{
    private static readonly string[] Roots = ["osapi.job.", "osapi.cmd.", "osapi.any.", "osapi.signal.", "$KV.", "$O."];

    private readonly NatsConnection connection;
    private readonly INatsSub<byte[]> all;
    private readonly Task listening;
    private readonly ConcurrentQueue<RecordedMessage> messages = new();

    private BrokerRecording(NatsConnection connection, INatsSub<byte[]> all)
    {
        (this.connection, this.all) = (connection, all);
        listening = ListenAsync();
    }

    public IReadOnlyList<RecordedMessage> Messages => [.. messages];

    public static async Task<BrokerRecording> StartAsync(NatsOpts options, CancellationToken cancellationToken)
    {
        // Nothing is left out, however fast it arrives.
        NatsConnection connection = new(options with { SubPendingChannelCapacity = 1 << 20 });
        BrokerRecording recording = new(connection, await connection.SubscribeCoreAsync<byte[]>(">", cancellationToken: cancellationToken));
        await connection.PingAsync(cancellationToken);
        return recording;
    }

    /// <summary>Waits until everything that the broker has received is recorded.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var marker = $"osapi.signal.recording.{Guid.NewGuid():N}";
        await connection.PublishAsync(marker, Array.Empty<byte>(), cancellationToken: cancellationToken);
        while (!messages.Any(message => message.Subject == marker))
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await all.UnsubscribeAsync();
        await listening;
        await connection.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        await foreach (var message in all.Msgs.ReadAllAsync(CancellationToken.None))
            if (Roots.Any(root => message.Subject.StartsWith(root, StringComparison.Ordinal)))
                messages.Enqueue(new(message.Subject, message.Data ?? []));
    }
}

/// <summary>A message that was published.</summary>
internal sealed record RecordedMessage(string Subject, byte[] Payload);
