using System.Threading.Channels;

namespace Osapi.Transport.Embedded;

/// <summary>Delivers committed messages to subscribers, in commit order.</summary>
/// <remarks>
/// A subscriber that falls behind is disconnected and reads the missed messages from the database. So memory is
/// bounded, and a subscriber misses nothing.
/// </remarks>
internal sealed class ChangeFeed<T>
{
    private readonly Lock gate = new();
    private readonly List<Subscription> subscriptions = [];
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
            subscriptions.Add(subscription);
            return subscription;
        }
    }

    public void Publish(T item)
    {
        lock (gate)
            for (var i = subscriptions.Count - 1; i >= 0; i--)
                if (!subscriptions[i].Offer(item))
                    subscriptions.RemoveAt(i);
    }

    public void Close()
    {
        lock (gate)
        {
            closed = true;
            foreach (var subscription in subscriptions)
                subscription.End();
            subscriptions.Clear();
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (gate)
            subscriptions.Remove(subscription);
    }

    internal sealed class Subscription(ChangeFeed<T> feed, Func<T, bool> wanted) : IDisposable
    {
        // Enough for a burst; beyond it, reading pages from the database is the faster way anyway.
        private readonly Channel<T> items = Channel.CreateBounded<T>(new BoundedChannelOptions(512) { SingleReader = true });

        /// <summary>Enumerates the messages; ends when the subscriber fell behind or the feed has ended.</summary>
        public IAsyncEnumerable<T> ReadAllAsync(CancellationToken cancellationToken) => items.Reader.ReadAllAsync(cancellationToken);

        public void Dispose() => feed.Remove(this);

        internal bool Offer(T item)
        {
            if (!wanted(item) || items.Writer.TryWrite(item))
                return true;
            End();
            return false;
        }

        internal void End() => items.Writer.TryComplete();
    }
}
