using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>A record to be written; with <paramref name="Done"/>, a caller waits until it is durable.</summary>
internal sealed record LedgerWrite(LedgerRecord Record, byte[] Frame, TaskCompletionSource? Done);

/// <summary>The only writer: it writes all queued records as one group with one flush.</summary>
internal sealed partial class LedgerWriter : IAsyncDisposable
{
    // A group ends after its first large record: small groups reach the disk in one piece, so that after a power cut
    // only the last record of the file can be incomplete.
    private const int GroupSize = 256 * 1024;

    // Records for which nobody waits are written together: hundreds of commands in a second move the cursor.
    private static readonly TimeSpan WriteDelay = TimeSpan.FromMilliseconds(100);

    // Every caller that needs durability waits, so the queue is bounded by the number of jobs in flight.
    private readonly Channel<LedgerWrite> queue = Channel.CreateUnbounded<LedgerWrite>(new() { SingleReader = true });
    private readonly LedgerDirectory directory;
    private readonly LedgerState state;
    private readonly long compactAt;
    private readonly ReplyRemoval removal;
    private readonly ILogger logger;
    private LedgerFile file;
    private long compactNextAt;
    private TaskCompletionSource hurried = NewSource();
    private Task loop = Task.CompletedTask;

    public LedgerWriter(LedgerDirectory directory, LedgerFile file, LedgerState state, LedgerOptions options)
    {
        this.directory = directory;
        this.file = file;
        this.state = state;
        compactAt = options.CompactAt;
        removal = new(options.RemoveRepliesAfter);
        logger = options.Logger;
    }

    /// <summary>The number of flushes.</summary>
    public long Flushes { get; private set; }

    /// <summary>Compacts the file, and starts writing queued records.</summary>
    public void Start()
    {
        try
        {
            Compact();
        }
        catch (IOException problem) when (file.Length > 0)
        {
            // A full disk must not keep the agent from publishing its results.
            LogNotCompacted(problem, directory.File);
        }

        loop = Task.Run(WriteAllAsync);
    }

    public bool TryQueue(LedgerWrite write)
    {
        var isQueued = queue.Writer.TryWrite(write);
        if (write.Done is not null)
            Hurry();
        return isQueued;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        Hurry();
        await loop;
        file.Dispose();
    }

    private async Task WriteAllAsync()
    {
        List<LedgerWrite> group = [];
        while (await removal.WaitAsync(queue.Reader, TryCompact))
        {
            // Real time, also where a test controls the clock: no result depends on it.
            await Volatile.Read(ref hurried).Task.WaitAsync(WriteDelay, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Before the queue is read: whoever waits for a later record hurries the next write.
            Volatile.Write(ref hurried, NewSource());
            long size = 0;
            for (; size < GroupSize && queue.Reader.TryRead(out var write); size += write.Frame.Length)
                group.Add(write);
            if (size >= GroupSize)
                Hurry();
            Write(group);
            group.Clear();
            if (file.Length > compactNextAt || removal.IsDue)
                TryCompact();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Hurry() => Volatile.Read(ref hurried).TrySetResult();

    private void Write(List<LedgerWrite> group)
    {
        try
        {
            if (file.IsSuspect)
                Compact();
            directory.Sync();
            if (group.Exists(write => write.Record.Kind == LedgerRecordKind.Finished))
                removal.Begin();
            file.Append([.. group.Select(write => (ReadOnlyMemory<byte>)write.Frame)]);
            if (group.Exists(write => write.Done is not null))
            {
                file.Flush();
                Flushes++;
            }
        }
        catch (Exception problem)
        {
            // The loop continues after any failure: waiting callers get the exception, and later writes may succeed.
            LogNotWritten(problem, directory.File, group.Count);
            foreach (var write in group)
                Refuse(write, problem);
            return;
        }

        foreach (var (record, _, done) in group)
            if (done is not null)
            {
                state.Commit(record);
                done.SetResult();
            }
    }

    private void Refuse(LedgerWrite write, Exception problem)
    {
        if (write.Done is null)
            return;
        if (write.Record.JobId is { } jobId)
            state.Release(jobId);
        write.Done.SetException(new LedgerException($"The ledger {directory.File} could not be written: {problem.Message}", problem));
    }

    private void TryCompact()
    {
        try
        {
            Compact();
        }
        catch (Exception problem)
        {
            LogNotCompacted(problem, directory.File);
        }
    }

    // Replaces the file with one that holds only the needed records.
    private void Compact()
    {
        var old = file;
        try
        {
            var compacted = LedgerFile.Create(directory.NewFile, state.Snapshot());
            try
            {
                directory.Replace();
            }
            catch
            {
                compacted.Dispose();
                throw;
            }

            file = compacted;
            old.Dispose();
            directory.Sync();
        }
        finally
        {
            // Not before it has doubled, or a ledger that is large with open jobs would be rewritten with every group.
            compactNextAt = Math.Max(compactAt, 2 * file.Length);
            // Until it has succeeded, below.
            removal.Restart(hasReplies: true);
        }

        removal.Restart(state.Open.Any(job => job.Phase == LedgerPhase.Finished));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The ledger {File} could not be written; {Count} records are refused")]
    private partial void LogNotWritten(Exception problem, string file, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger {File} could not be compacted and keeps growing")]
    private partial void LogNotCompacted(Exception problem, string file);
}
