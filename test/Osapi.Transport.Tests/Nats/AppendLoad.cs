using System.Collections.Concurrent;
using System.Text;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Callers that append forever, and a follower that reads from the beginning, during faults.</summary>
internal sealed class AppendLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ITransport transport;
    private readonly Task appending;
    private readonly Task reading;
    private readonly List<Message> read = [];
    private TaskCompletionSource progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long last;
    private int failures;

    public AppendLoad(ITransport transport, int callers)
    {
        this.transport = transport;
        appending = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => AppendAsync(caller))));
        reading = Task.Run(ReadAsync);
    }

    /// <summary>The acknowledged messages, by sequence.</summary>
    public ConcurrentDictionary<long, string> Acknowledged { get; } = new();

    public int Failures => failures;

    /// <summary>Waits until this many more were acknowledged.</summary>
    public async Task AppendedAsync(int more, CancellationToken cancellationToken)
    {
        var wanted = Acknowledged.Count + more;
        while (Acknowledged.Count < wanted)
            await Volatile.Read(ref progress).Task.WaitAsync(cancellationToken);
    }

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await appending;
        // The last message is one that the follower cannot have read before it knows that it is the last.
        Volatile.Write(ref last, (await transport.StateAsync(StreamName.Jobs, CancellationToken.None)).LastSequence + 1);
        Assert.Equal(last, (await transport.AppendAsync([new(StreamName.Jobs, "load.end", default)], CancellationToken.None)).Sequence);
    }

    /// <summary>
    /// Checks that the follower has every message of the log, once and in order, including all acknowledged ones.
    /// </summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellationToken);
        Assert.Equal(Enumerable.Range(1, (int)last).Select(sequence => (long)sequence), read.Select(message => message.Sequence));
        Assert.All(Acknowledged, one => Assert.Equal(one.Value, read[(int)one.Key - 1].Text()));
        // A repeated publish is stored once.
        Assert.Distinct(read.Select(message => message.Text()));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await appending;
        stopping.Dispose();
    }

    private async Task AppendAsync(int caller)
    {
        for (var i = 0; !stopping.IsCancellationRequested; i++)
            try
            {
                var text = $"{caller}.{i}";
                var result = await transport.AppendAsync([new(StreamName.Jobs, $"load.{caller}", Encoding.ASCII.GetBytes(text))], CancellationToken.None);
                Assert.True(Acknowledged.TryAdd(result.Sequence, text), $"{result.Sequence} was acknowledged twice.");
                Interlocked.Exchange(ref progress, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            }
            catch (TransportException)
            {
                Interlocked.Increment(ref failures);
            }
    }

    private async Task ReadAsync()
    {
        await foreach (var message in transport.FollowAsync(StreamName.Jobs, "", 0, CancellationToken.None))
        {
            read.Add(message);
            if (message.Sequence == Volatile.Read(ref last))
                return;
        }
    }
}
