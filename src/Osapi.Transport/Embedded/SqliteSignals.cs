using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Osapi.Transport.Embedded;

/// <summary>Signals within this process.</summary>
internal sealed class SqliteSignals : ISignals
{
    private const int Backlog = 1024;

    private ImmutableArray<Listener> listeners = [];
    private volatile bool closed;

    public Task SendAsync(string subject, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        if (closed)
            return Task.FromException(new ObjectDisposedException(nameof(EmbeddedTransport)));
        Signal signal = new(subject, payload.ToArray());
        foreach (var listener in listeners)
            if (Names.Matches(subject, listener.Prefix))
                listener.Signals.Writer.TryWrite(signal);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<Signal> ListenAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        Listener listener = new(prefix, Channel.CreateBounded<Signal>(new BoundedChannelOptions(Backlog)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        }));
        ImmutableInterlocked.Update(ref listeners, static (all, added) => all.Add(added), listener);
        try
        {
            // Closing sets the flag and then reads the list; this adds to the list and then reads the flag, so neither
            // misses the other.
            if (closed)
                yield break;
            await foreach (var signal in listener.Signals.Reader.ReadAllAsync(cancellationToken))
                yield return signal;
        }
        finally
        {
            ImmutableInterlocked.Update(ref listeners, static (all, removed) => all.Remove(removed), listener);
        }
    }

    public void Close()
    {
        closed = true;
        foreach (var listener in listeners)
            listener.Signals.Writer.TryComplete();
    }

    private sealed record Listener(string Prefix, Channel<Signal> Signals);
}
