using Osapi.Agent.Jobs.Ledgers;
using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Agent.Jobs;

/// <summary>
/// The commands that are under way, and their positions in the log. A command that came live has none until it is read from the log as
/// well, and both are one.
/// </summary>
internal sealed class CommandPositions(Ledger ledger)
{
    // One that is forgotten and read from the log is stopped by the job's states, as every repeated command is.
    private const int MaxLive = 10_000;

    private readonly SortedSet<long> unfinished = [];
    private readonly Dictionary<JobId, ReceivedCommand> live = [];
    private readonly Queue<JobId> liveOrder = [];
    private readonly Lock gate = new();
    private LedgerCursor read = ledger.Cursor;

    /// <summary>Begins to read a log; returns the sequence after which to read.</summary>
    public long Begin(StreamState log)
    {
        lock (gate)
        {
            if (read.StreamCreated != log.Created || read.Sequence > log.LastSequence)
            {
                // A position in a log that was recreated, or restored from an earlier copy, is not valid. What was
                // done before is not done again: the ledger knows it.
                read = new(log.Created, 0);
                unfinished.Clear();
                foreach (var command in live.Values)
                    command.Sequence = 0;
            }

            return read.Sequence;
        }
    }

    /// <summary>Records that the log was read up to a message that starts nothing.</summary>
    public void Pass(long sequence)
    {
        lock (gate)
            Advance(sequence);
    }

    /// <summary>Takes the command to run a job; null for one that was taken before.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="sequence">The position; 0 for a command that came live.</param>
    /// <param name="running">The running jobs, to which it is added.</param>
    public ReceivedCommand? Take(JobId jobId, long sequence, RunningJobs running)
    {
        lock (gate)
        {
            if (sequence > 0)
                Advance(sequence);
            if (live.TryGetValue(jobId, out var known))
            {
                if (sequence > 0)
                    Settle(jobId, known, sequence);
                return null;
            }

            if (running.TryAdd(jobId) is not { } job)
                return null;
            ReceivedCommand command = new(job, read.StreamCreated) { Sequence = sequence };
            if (sequence > 0)
                unfinished.Add(sequence);
            else
                AddLive(jobId, command);
            return command;
        }
    }

    /// <summary>Records that a command is done.</summary>
    public void End(ReceivedCommand command)
    {
        lock (gate)
        {
            command.IsDone = true;
            if (command.Sequence > 0 && command.LogCreated == read.StreamCreated && unfinished.Remove(command.Sequence))
                MoveCursor();
        }
    }

    private void Advance(long sequence) => read = read with { Sequence = sequence };

    // The log has what came live: from now on its position counts.
    private void Settle(JobId jobId, ReceivedCommand command, long sequence)
    {
        live.Remove(jobId);
        command.Sequence = sequence;
        if (command.IsDone)
            MoveCursor();
        else
            unfinished.Add(sequence);
    }

    private void AddLive(JobId jobId, ReceivedCommand command)
    {
        live.Add(jobId, command);
        liveOrder.Enqueue(jobId);
        while (liveOrder.Count > MaxLive)
            live.Remove(liveOrder.Dequeue());
    }

    private void MoveCursor() => ledger.MoveCursor(unfinished.Count > 0 ? read with { Sequence = unfinished.Min - 1 } : read);
}

/// <summary>A command that is under way.</summary>
/// <param name="job">Its job.</param>
/// <param name="logCreated">The creation time of the log whose positions were valid then.</param>
internal sealed class ReceivedCommand(RunningJobs.RunningJob job, DateTimeOffset logCreated)
{
    public RunningJobs.RunningJob Job => job;

    public DateTimeOffset LogCreated => logCreated;

    /// <summary>The position in the log; 0 while it is not known.</summary>
    public long Sequence { get; set; }

    public bool IsDone { get; set; }
}
