using Osapi.Client;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>
/// Writes the journal of a run in order, one message at a time, each only if nobody has written since. Entries that arrive while one is on its
/// way are the next message.
/// </summary>
internal sealed class RunJournal(RunClient client, RunId run, RunId runner, long position, TimeProvider time)
{
    // Half of what a message may have: an entry has at most a few KiB, but the result of a function may be larger.
    private const int MaxMessageBytes = 128 << 10;
    private const int MaxMessageEntries = 500;

    // A controller that restarts, or another one that takes its place, is back within this time.
    private static readonly TimeSpan MaxOutage = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Queue<Pending> pending = [];
    private RunInterruptedException? lost;
    private bool isWriting;

    /// <summary>Called once when the journal can no longer be written, on any thread; at once when it already cannot.</summary>
    public Action<RunInterruptedException>? Lost
    {
        private get;
        set
        {
            RunInterruptedException? earlier;
            lock (gate)
                (field, earlier) = (value, lost);
            if (earlier is not null)
                value?.Invoke(earlier);
        }
    }

    public RunId Run => run;

    /// <summary>Adds an entry. The result completes when it is stored.</summary>
    /// <exception cref="RunInterruptedException">The journal can no longer be written.</exception>
    public Task AppendAsync(JournalEntry entry)
    {
        Pending added = new(entry, JournalEntrySize.Of(entry));
        lock (gate)
        {
            if (lost is not null)
                return Task.FromException(lost);
            pending.Enqueue(added);
            if (isWriting)
                return added.Stored.Task;
            isWriting = true;
        }

        _ = Task.Run(WriteAllAsync);
        return added.Stored.Task;
    }

    /// <summary>Adds an entry that nothing waits for: the next one that is waited for is stored after it.</summary>
    public void Append(JournalEntry entry) => _ = AppendAsync(entry).ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    /// <summary>Stops writing: another runner goes on.</summary>
    public void Interrupt(string reason) => Lose([], new(run, reason, inner: null));

    private async Task WriteAllAsync()
    {
        while (Take() is { Count: > 0 } message)
            try
            {
                position = await WriteAsync([.. message.Select(one => one.Entry)]).ConfigureAwait(false);
                foreach (var one in message)
                    one.Stored.SetResult();
            }
            catch (Exception exception)
            {
                Lose(message, exception as RunInterruptedException ?? new(run, $"the journal of run {run} could not be written: {exception.Message}", exception));
                return;
            }
    }

    private List<Pending> Take()
    {
        List<Pending> message = [];
        var bytes = 0;
        lock (gate)
        {
            while (message.Count < MaxMessageEntries && pending.TryPeek(out var next) && (message.Count == 0 || bytes + next.Bytes <= MaxMessageBytes))
            {
                message.Add(pending.Dequeue());
                bytes += next.Bytes;
            }

            isWriting = message.Count > 0;
        }

        return message;
    }

    // The same id makes a repetition harmless whose first attempt had arrived.
    private async Task<long> WriteAsync(IReadOnlyList<JournalEntry> entries)
    {
        AppendJournal message = new() { Id = run, Runner = runner, After = position, Batch = RunId.New(), Entries = entries };
        var delay = TimeSpan.FromMilliseconds(50);
        var began = time.GetTimestamp();
        while (true)
            try
            {
                return (await client.AppendAsync(message).ConfigureAwait(false)).Position;
            }
            catch (ConflictException exception)
            {
                throw new RunInterruptedException(run, $"run {run} goes on elsewhere: {exception.Message}", exception);
            }
            catch (OsapiException exception) when (exception is ConnectionException or ServerException && time.GetElapsedTime(began) + delay < MaxOutage)
            {
                await Task.Delay(delay, time).ConfigureAwait(false);
                delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
            }
    }

    private void Lose(List<Pending> message, RunInterruptedException exception)
    {
        List<Pending> failed = [.. message];
        Action<RunInterruptedException>? listener;
        lock (gate)
        {
            // The first reason counts.
            listener = lost is null ? Lost : null;
            exception = lost ??= exception;
            failed.AddRange(pending);
            pending.Clear();
        }

        foreach (var one in failed)
            one.Stored.TrySetException(exception);
        listener?.Invoke(exception);
    }

    private sealed record Pending(JournalEntry Entry, int Bytes)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
