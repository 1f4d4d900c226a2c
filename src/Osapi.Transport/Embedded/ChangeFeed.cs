using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Osapi.Transport.Embedded;

/// <summary>Delivers committed messages to subscribers, in commit order.</summary>
/// <remarks>
/// A subscriber that falls behind is disconnected and reads the missed messages from the database. So memory is
/// bounded, and a subscriber misses nothing.
/// </remarks>
/// <param name="runsSubscribers">
/// True when a waiting subscriber continues on the thread that publishes: it gets all that was published together at once, without another
/// thread that has to wake up for it.
/// </param>
internal sealed class ChangeFeed<T>(bool runsSubscribers = false)
{
    // Enough for a burst; beyond it, reading pages from the database is the faster way anyway.
    private const int MaxWaiting = 2000;

    private readonly Lock gate = new();
    private volatile Subscription[] subscriptions = [];
    private List<T> added = [];
    private bool closed;

    /// <summary>
    /// Subscribes to messages committed from now on; everything committed before is already in the database. Null when
    /// the feed has ended.
    /// </summary>
    public Subscription? Subscribe(Func<T, bool> wanted)
    {
        lock (gate)
        {
            if (closed)
                return null;
            var subscription = new Subscription(this, wanted);
            subscriptions = [.. subscriptions, subscription];
            return subscription;
        }
    }

    /// <summary>Adds a message to those that are published together. Only one thread at a time may add and publish.</summary>
    public void Add(T item) => added.Add(item);

    /// <summary>Publishes what was added.</summary>
    public void Publish()
    {
        if (added.Count == 0)
            return;
        var published = added;
        added = [];
        // Not under the lock: a subscriber may continue here, and subscribe again.
        foreach (var subscription in subscriptions)
            subscription.Offer(published);
    }

    public void Close()
    {
        Subscription[] ended;
        lock (gate)
        {
            closed = true;
            (ended, subscriptions) = (subscriptions, []);
        }

        foreach (var subscription in ended)
            subscription.End();
    }

    private void Remove(Subscription subscription)
    {
        lock (gate)
            subscriptions = [.. subscriptions.Where(other => other != subscription)];
    }

    internal sealed class Subscription(ChangeFeed<T> feed, Func<T, bool> wanted) : IDisposable
    {
        private readonly Channel<IReadOnlyList<T>> batches = Channel.CreateUnbounded<IReadOnlyList<T>>(new() { SingleReader = true, AllowSynchronousContinuations = feed.RunsSubscribers });
        private int waiting;

        /// <summary>Enumerates the messages; ends when the subscriber fell behind or the feed has ended.</summary>
        public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (await batches.Reader.WaitToReadAsync(cancellationToken))
                while (batches.Reader.TryRead(out var batch))
                {
                    foreach (var item in batch)
                        yield return item;
                    Interlocked.Add(ref waiting, -batch.Count);
                }
        }

        public void Dispose() => feed.Remove(this);

        internal void Offer(List<T> items)
        {
            IReadOnlyList<T> offered = items.TrueForAll(item => wanted(item)) ? items : items.FindAll(item => wanted(item));
            if (offered.Count == 0)
                return;
            if (Interlocked.Add(ref waiting, offered.Count) <= MaxWaiting)
            {
                batches.Writer.TryWrite(offered);
                return;
            }

            feed.Remove(this);
            End();
        }

        internal void End() => batches.Writer.TryComplete();
    }

    private bool RunsSubscribers => runsSubscribers;
}
