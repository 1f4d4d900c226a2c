using System.Collections.Frozen;

namespace Osapi.Transport.Embedded;

/// <summary>
/// The transport of a single-process system: an SQLite database in a state directory that this process locks. Appended
/// messages survive crashes of the process and of the machine.
/// </summary>
public sealed class EmbeddedTransport : ITransport
{
    private readonly StateLock stateLock;
    private readonly GroupCommitWriter writer;
    private readonly ReaderPool readers;
    private readonly StoreClock clock;
    private readonly FrozenDictionary<StreamName, SqliteLog> logs;
    private readonly SqliteQueues queues;
    private readonly SqliteKeyValues hosts;
    private readonly SqliteKeyValues roster;
    private readonly SqliteObjects results;
    private readonly SqliteObjects requests;
    private readonly SqliteSignals signals = new();
    private readonly SqliteRetention retention;
    private readonly CancellationTokenSource closing = new();
    private readonly Lazy<Task> closed;
    private Task pruning = Task.CompletedTask;

    private EmbeddedTransport(EmbeddedOptions options, StateLock stateLock, string file, SqliteSession session)
    {
        this.stateLock = stateLock;
        logs = Enum.GetValues<StreamName>().ToFrozenDictionary(stream => stream, stream => new SqliteLog(stream));
        clock = new(options.TimeProvider, logs.Values.Max(log => log.NewestTime(session)));
        var queued = logs[StreamName.WorkQueue].Sequences(session);
        ObjectFiles files = new(Path.Combine(options.Directory, "objects"));
        files.Clean(session);
        // From here on the writer owns the session.
        writer = new(session, file, PublishLogs);
        readers = new(file);
        queues = new(options, logs[StreamName.WorkQueue], queued, writer, readers, clock);
        hosts = new("hosts", writer, readers);
        roster = new("roster", writer, readers);
        results = new("results", files, writer, readers, clock);
        Files = new SqliteObjects("files", files, writer, readers, clock);
        requests = new("requests", files, writer, readers, clock);
        retention = new(options, logs, results, requests, writer, clock);
        closed = new(CloseAsync);
    }

    /// <inheritdoc/>
    public IKeyValues Hosts => hosts;

    /// <inheritdoc/>
    public IKeyValues Roster => roster;

    /// <inheritdoc/>
    public IObjects Results => results;

    /// <inheritdoc/>
    public IObjects Files { get; }

    /// <inheritdoc/>
    public IObjects Requests => requests;

    /// <inheritdoc/>
    public ISignals Signals => signals;

    /// <inheritdoc/>
    public DateTimeOffset ServerNow => clock.Now;

    /// <inheritdoc/>
    public int MaxMessageSize => int.MaxValue;

    /// <inheritdoc/>
    public bool AppendsAtOnce => true;

    internal GroupCommitWriter Writer => writer;

    /// <summary>Opens the store in a state directory, which it creates if missing.</summary>
    /// <exception cref="StateDirectoryBusyException">Another process or transport has it open.</exception>
    /// <exception cref="TransportException">The store cannot be read or written, or it is damaged.</exception>
    public static async Task<EmbeddedTransport> OpenAsync(EmbeddedOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        cancellationToken.ThrowIfCancellationRequested();
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        var transport = await Task.Run(() => EmbeddedStore.Open(options, (stateLock, file, session) => new EmbeddedTransport(options, stateLock, file, session)), cancellationToken);
        try
        {
            await transport.retention.PruneAsync(cancellationToken);
            transport.pruning = transport.retention.RunAsync(transport.closing.Token);
            return transport;
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            session.Scalar("select 1");
            // After a failure, only a write shows that the disk has room again; a healthy store needs no such write.
            if (writer.Failed)
                session.Execute("insert or replace into objects values ('', '', '', 0, '', 0, null)");
            return session.Execute("delete from objects where bucket = ''");
        },
        committed: null,
        cancellationToken);

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        // Validated here rather than on the writer's thread, where an error would roll back other callers' work.
        foreach (var message in messages)
        {
            Names.CheckSubject(message.Subject);
            _ = SqliteSchema.NameOf(message.Stream);
        }

        PendingAppend work = new(messages, stream => logs[stream], clock);
        return writer.RunInlineAsync(work.Apply, _ => work.Publish(Add), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => logs[stream].Last(session, subject), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int maxCount, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        return readers.ReadAsync(session => logs[stream].PageOf(session, subject, after, maxCount), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) =>
        readers.ReadAsync(logs[stream].State, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return new LogFollower(logs[stream], readers).FollowAsync(prefix, after, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken) => queues.DequeueAsync(queue, cancellationToken);

    /// <inheritdoc/>
    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken) =>
        writer.RunAsync(session => writer.NoteRemoval(logs[stream].Purge(session, subject, before)), committed: null, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return writer.RunAsync(
            session => writer.NoteRemoval(sequences.Sum(sequence => logs[stream].Remove(session, sequence))),
            _ =>
            {
                if (stream == StreamName.WorkQueue)
                    queues.Forget(sequences);
            },
            cancellationToken);
    }

    /// <summary>Commits pending writes, ends every enumeration and releases the state directory.</summary>
    public ValueTask DisposeAsync() => new(closed.Value);

    private void Add(StreamName stream, Message message)
    {
        logs[stream].Feed.Add(message);
        if (stream is StreamName.WorkQueue)
            queues.Offer(message);
    }

    private void PublishLogs()
    {
        foreach (var log in logs.Values)
            log.Feed.Publish();
    }

    private async Task CloseAsync()
    {
        await closing.CancelAsync();
        await pruning;
        queues.Dispose();
        signals.Close();
        await writer.CloseAsync();
        // Closed after the writer, so that followers still receive the last commits.
        foreach (var log in logs.Values)
            log.Feed.Close();
        hosts.Close();
        roster.Close();
        readers.Dispose();
        stateLock.Dispose();
        closing.Dispose();
    }
}
