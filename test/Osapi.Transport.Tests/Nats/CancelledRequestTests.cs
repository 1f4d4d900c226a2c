using System.Text;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests of a message that the broker sends to a caller just before it learns that the caller gave up.</summary>
public sealed class CancelledRequestTests(NatsServerFixture fixture) : RelayTest(fixture)
{
    private static readonly byte[] Pull = "CONSUMER.MSG.NEXT"u8.ToArray();
    private static readonly byte[] Unsubscribe = "UNSUB "u8.ToArray();

    [Fact]
    public async Task A_message_on_its_way_to_a_caller_that_gave_up_is_delivered_to_another_at_once()
    {
        TaskCompletionSource requested = new(), cancelled = new(), sent = new();
        var content = Guid.NewGuid().ToString();
        relay.ChangeRequests = bytes =>
        {
            if (bytes.Span.IndexOf(Pull) >= 0)
                requested.TrySetResult();
            if (bytes.Span.IndexOf(Unsubscribe) >= 0)
                cancelled.TrySetResult();
        };
        relay.SeeAnswers = bytes =>
        {
            if (bytes.Span.IndexOf(Encoding.ASCII.GetBytes(content)) >= 0)
                sent.TrySetResult();
        };
        using CancellationTokenSource source = new();
        var given = behindRelay.DequeueAsync(source.Token);
        await requested.Task.WaitAsync(Token);
        relay.HoldAnswers();
        await direct.AppendAsync([new(StreamName.WorkQueue, "any", Encoding.ASCII.GetBytes(content))], Token);
        await sent.Task.WaitAsync(Token);

        await source.CancelAsync();
        await cancelled.Task.WaitAsync(Token);
        relay.ReleaseAnswers();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        var delivery = await direct.DequeueAsync(Token).WaitAsync(QueueDelivery.AcknowledgeTimeout / 2, Token);
        Assert.Equal(content, Encoding.ASCII.GetString(delivery.Message.Payload.Span));
    }
}
