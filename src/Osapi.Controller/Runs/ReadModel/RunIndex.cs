using System.Text.Json;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs.ReadModel;

/// <summary>The read model of runs, in SQLite: a copy of the log for queries, which is rebuilt from the log when it is lost.</summary>
internal sealed partial class RunIndex : IDisposable
{
    private readonly string path;
    private readonly Lock gate = new();
    private RunIndexFile file;

    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    public RunIndex(string path)
    {
        this.path = path;
        file = RunIndexFile.Open(path);
    }

    /// <summary>Deletes the damaged file, and starts an empty one.</summary>
    public void Renew()
    {
        lock (gate)
        {
            file.Dispose();
            file = RunIndexFile.Replace(path);
        }
    }

    /// <summary>Gets the sequence up to which this log was read. For another log, or one that ends before, everything is deleted and it is 0.</summary>
    public long Position(StreamState log)
    {
        lock (gate)
        {
            if (Read("created") == log.Created.UtcTicks && Read("position") is { } position && position <= log.LastSequence)
                return position;
            file.Commit(() =>
            {
                file.Execute("DELETE FROM run; DELETE FROM cell; DELETE FROM owed; DELETE FROM content; DELETE FROM input; DELETE FROM forgotten; DELETE FROM tombstone; DELETE FROM meta");
                file.Execute("INSERT INTO meta VALUES ('created', $created), ('position', 0)", ("$created", log.Created.UtcTicks));
            });
            return 0;
        }
    }

    /// <summary>Applies messages of the log, in one commit.</summary>
    /// <returns>The runs that have changed, in their state after the messages.</returns>
    public IReadOnlyCollection<JournalState> Apply(IReadOnlyList<Message> messages)
    {
        Dictionary<RunId, JournalState> changed = [];
        lock (gate)
            file.Commit(() =>
            {
                foreach (var message in messages)
                    Apply(message, changed);
                file.Execute("UPDATE meta SET value = $position WHERE key = 'position'", ("$position", messages[^1].Sequence));
            });
        return changed.Values;
    }

    /// <summary>Removes tombstones that were removed from the log.</summary>
    public void ForgetTombstones(IReadOnlyList<long> sequences) => Remove("tombstone", sequences);

    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    private void Remove(string table, IReadOnlyList<long> sequences)
    {
        lock (gate)
            file.Commit(() =>
            {
                foreach (var sequence in sequences)
                    file.Execute($"DELETE FROM {table} WHERE seq = $seq", ("$seq", sequence));
            });
    }

    private T Locked<T>(Func<T> query)
    {
        lock (gate)
            return query();
    }

    private long? Read(string key) => (long?)file.Scalar("SELECT value FROM meta WHERE key = $key", ("$key", key));

    private void Apply(Message message, Dictionary<RunId, JournalState> changed)
    {
        if (RunSubjects.ParseJournal(message.Subject) is { } run)
        {
            if (ApplyJournal(run, message, changed.GetValueOrDefault(run) ?? FindCore(run)) is { } state)
                changed[run] = state;
        }
        else if (message.Rejection is null && RunSubjects.ParseContent(message.Subject) is { } owner && ContentPart.Read(message.Payload) is { } part)
        {
            file.Execute(
                "INSERT OR REPLACE INTO content VALUES ($run, $key, $number, $seq, $time, $data)",
                ("$run", owner), ("$key", part.Key), ("$number", part.Number), ("$seq", message.Sequence), ("$time", message.Time.ToUnixTimeMilliseconds()), ("$data", part.Data.ToArray()));
        }
        else if (RunSubjects.ParseInputs(message.Subject) is { } handedOver)
        {
            file.Execute("INSERT OR REPLACE INTO input VALUES ($seq, $run, $time)", ("$seq", message.Sequence), ("$run", handedOver), ("$time", message.Time.ToUnixTimeMilliseconds()));
        }
        else if (message.Rejection is null && RunSubjects.ParseWish(message.Subject) is { } wanted && RunJson.Unpack(message.Payload.Span, RunJson.Stored.CancelWish) is { } wish)
        {
            if (file.Execute("UPDATE run SET wish = $by WHERE id = $id AND status = 0", ("$by", wish.By), ("$id", wanted)) > 0 && FindCore(wanted) is { } state)
                changed[wanted] = state;
        }
        else if (message.Rejection is null && RunSubjects.IsForgotten(message.Subject) && RunJson.Unpack(message.Payload.Span, RunJson.Stored.ForgottenSteps) is { } forgotten)
        {
            file.Execute("INSERT OR REPLACE INTO forgotten VALUES ($seq, $plan, $subject)", ("$seq", message.Sequence), ("$plan", forgotten.Plan), ("$subject", message.Subject));
            Forget(forgotten.Plan, forgotten.Steps);
        }
    }

    private JournalState? ApplyJournal(RunId run, Message message, JournalState? state)
    {
        // It was read before, and the position was lost.
        if (state is not null && message.Sequence <= state.End)
            return null;
        var read = JournalState.Read(message);
        var wasOver = state is { IsOver: true };
        if (JournalState.Apply(state, message, read) is not { } next)
            return null;
        if (next.Removed is true)
        {
            Remove(next);
            file.Execute("INSERT OR REPLACE INTO tombstone VALUES ($seq, $run, $time)", ("$seq", message.Sequence), ("$run", run), ("$time", message.Time.ToUnixTimeMilliseconds()));
            return next;
        }

        if (state is null)
            file.Execute(
                "INSERT INTO run (seq, id, plan, caller, started, status) VALUES ($seq, $id, $plan, $caller, $started, 0)",
                ("$seq", next.Start), ("$id", run), ("$plan", next.Head.Plan), ("$caller", next.Caller), ("$started", next.Started.ToUnixTimeMilliseconds()));
        file.Execute(
            "UPDATE run SET updated = $updated, status = $status, state = $state WHERE seq = $seq",
            ("$updated", next.Updated.ToUnixTimeMilliseconds()), ("$status", (int?)next.Outcome ?? 0), ("$state", RunJson.Pack(next, RunJson.Stored.JournalState)), ("$seq", next.Start));
        if (read is not null)
            ApplyEntries(next, read, isStart: state is null);
        if (next.IsOver && !wasOver)
            End(next, read!);
        else if (!next.IsOver && wasOver)
            file.Execute("UPDATE run SET owed = NULL WHERE seq = $seq", ("$seq", next.Start));
        return next;
    }

    private void ApplyEntries(JournalState run, RunMessage read, bool isStart)
    {
        if (read.Head is not null)
            Take(run, read, isStart);
        foreach (var entry in read.Entries)
            if (entry is { Kind: JournalEntryKind.Call, Task: { } called })
                foreach (var host in entry.Hosts is { Count: > 0 } hosts ? hosts : [entry.Host ?? ""])
                    SetCell(run, called, host, "running");
            else if (entry is { Kind: JournalEntryKind.Ended, Task: { } task })
            {
                // The host of a cell may be known at its end only.
                if (entry.Host is not null)
                    file.Execute("DELETE FROM cell WHERE run = $run AND task = $task AND host = '' AND status = 'running'", ("$run", run.Start), ("$task", task));
                SetCell(run, task, entry.Host ?? "", entry.Status ?? "unknown");
            }
    }

    private void SetCell(JournalState run, string task, string host, string status) =>
        file.Execute("INSERT OR REPLACE INTO cell VALUES ($run, $task, $host, $status)", ("$run", run.Start), ("$task", task), ("$host", host), ("$status", status));

    private void Remove(JournalState run)
    {
        file.Execute("DELETE FROM cell WHERE run = $run", ("$run", run.Start));
        file.Execute("DELETE FROM owed WHERE reporter = $id OR taken_by = $id", ("$id", run.Id));
        file.Execute("DELETE FROM content WHERE run = $id", ("$id", run.Id));
        file.Execute("DELETE FROM run WHERE seq = $run", ("$run", run.Start));
    }

    private JournalState? FindCore(RunId id) => file.Scalar("SELECT state FROM run WHERE id = $id", ("$id", id)) is byte[] state ? StateOf(state) : null;

    private static JournalState StateOf(byte[] state) => RunJson.Unpack(state, RunJson.Stored.JournalState) ?? throw new JsonException("A state in the read model of runs cannot be read.");
}
