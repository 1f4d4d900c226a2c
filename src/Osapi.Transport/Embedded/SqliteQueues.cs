using System.Collections.Frozen;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Embedded;

/// <summary>The work queues: the messages of one log, each in the queue of its subject.</summary>
internal sealed class SqliteQueues : IDisposable
{
    private readonly EmbeddedOptions options;
    private readonly SqliteLog log;
    private readonly GroupCommitWriter writer;
    private readonly ReaderPool readers;
    private readonly StoreClock clock;
    private readonly FrozenDictionary<QueueName, SqliteWorkQueue> queues;

    /// <param name="options">The options of the transport.</param>
    /// <param name="log">The log of the queues.</param>
    /// <param name="queued">The messages that are in the log.</param>
    /// <param name="writer">The writer.</param>
    /// <param name="readers">The readers.</param>
    /// <param name="clock">The store's clock.</param>
    public SqliteQueues(EmbeddedOptions options, SqliteLog log, IEnumerable<(string Subject, long Sequence)> queued, GroupCommitWriter writer, ReaderPool readers, StoreClock clock)
    {
        (this.options, this.log, this.writer, this.readers, this.clock) = (options, log, writer, readers, clock);
        var byQueue = queued.ToLookup(message => QueueOf(message.Subject), message => message.Sequence);
        queues = Enum.GetValues<QueueName>().ToFrozenDictionary(name => name, name => new SqliteWorkQueue(options.TimeProvider, byQueue[name]));
    }

    /// <summary>Waits for the next message of a queue.</summary>
    public async Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken)
    {
        var messages = queues[queue];
        while (true)
        {
            var sequence = await messages.TakeAsync(cancellationToken);
            // Not cancellable: the message is already held, and no other caller would receive it until its timeout.
            var message = await readers.ReadAsync(session => log.Find(session, sequence), CancellationToken.None);
            if (message is not null && message.Time + options.KeepCommands > clock.Now)
                return new(message, token => AcknowledgeAsync(messages, sequence, token));
            messages.Forget(sequence);
        }
    }

    /// <summary>Adds a message that was appended to the log.</summary>
    public void Offer(Message message) => queues[QueueOf(message.Subject)].Offer(message.Sequence);

    /// <summary>Removes messages, so that they are not delivered again.</summary>
    public void Forget(IReadOnlyList<long> sequences)
    {
        foreach (var queue in queues.Values)
            foreach (var sequence in sequences)
                queue.Forget(sequence);
    }

    public void Dispose()
    {
        foreach (var queue in queues.Values)
            queue.Dispose();
    }

    private static QueueName QueueOf(string subject) => subject == Subjects.Quick ? QueueName.Quick : QueueName.Any;

    private Task AcknowledgeAsync(SqliteWorkQueue queue, long sequence, CancellationToken cancellationToken) =>
        writer.RunAsync(session => log.Remove(session, sequence), _ => queue.Forget(sequence), cancellationToken);
}
