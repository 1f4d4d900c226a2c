using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>
/// Several controllers and agents that compete to be first on each of many subjects, during faults of the broker.
/// </summary>
internal static class Contenders
{
    private const int Count = 4;

    public static async Task RunAsync(NatsOptions options, int tokens, Func<Task> breaks, ITestOutputHelper output, CancellationToken cancellationToken)
    {
        var contenders = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => NatsTransport.ConnectAsync(options, cancellationToken)));
        ConcurrentDictionary<int, ConcurrentBag<int>> winners = new();
        var refused = 0;
        TaskCompletionSource underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var contending = contenders.Select((transport, contender) => Task.Run(() => ContendAsync(transport, contender), cancellationToken)).ToArray();
        await underWay.Task.WaitAsync(cancellationToken);
        await breaks();
        await Task.WhenAll(contending);

        output.WriteLine($"{tokens} tokens, {Count} contenders, {refused} refusals");
        Assert.Equal(tokens, winners.Count);
        Assert.Equal(tokens * (Count - 1), refused);
        foreach (var (token, bag) in winners)
            Assert.Equal($"{Assert.Single(bag)}", (await contenders[0].LastAsync(StreamName.Jobs, Subject(token), cancellationToken))!.Text());
        foreach (var transport in contenders)
            await transport.DisposeAsync();

        async Task ContendAsync(NatsTransport transport, int contender)
        {
            // Each contender has its own order, so that none is always first.
            var order = Enumerable.Range(0, tokens).ToArray();
            new Random(contender).Shuffle(order);
            foreach (var chunk in order.Chunk(16))
            {
                await Task.WhenAll(chunk.Select(token => WantAsync(transport, contender, token)));
                if (winners.Count > tokens / 3)
                    underWay.TrySetResult();
            }
        }

        // An append with an unknown result is repeated with the same id.
        async Task WantAsync(NatsTransport transport, int contender, int token)
        {
            var payload = Encoding.ASCII.GetBytes(contender.ToString(CultureInfo.InvariantCulture));
            Append message = new(StreamName.Jobs, Subject(token), payload, ExpectedLast: 0, MessageId: $"{contender}.{token}");
            while (true)
                try
                {
                    if ((await transport.AppendAsync([message], cancellationToken)).Appended)
                        winners.GetOrAdd(token, _ => []).Add(contender);
                    else
                        Interlocked.Increment(ref refused);
                    return;
                }
                catch (TransportException)
                {
                    // Neither yes nor no.
                }
        }
    }

    private static string Subject(int token) => $"state.{token}._any";
}
