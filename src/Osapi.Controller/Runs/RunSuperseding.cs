using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Ends interrupted runs: records what they owe, after which their runners can append nothing more.</summary>
internal sealed class RunSuperseding(ITransport transport, RunJournals journals, RunIndex index, RunFollower follower, JobLookup jobs, ActiveJobs activeJobs, JobWait wait, OwedHosts hosts)
{
    /// <summary>The time to wait for jobs that an interrupted run has called and that still run.</summary>
    public static readonly TimeSpan JobTimeout = TimeSpan.FromSeconds(10);

    private const int Page = 500;
    private const int MaxNamed = 5;

    /// <summary>Lets a later run of the plan take the place of an interrupted one.</summary>
    /// <returns>The state of the run after it; null when something was appended to the run meanwhile.</returns>
    /// <exception cref="OperationException">A job of it still runs.</exception>
    public async Task<JournalState?> TrySupersedeAsync(JournalState run, RunId successor, CancellationToken cancellationToken)
    {
        var owed = await OwedAfterAsync(run, cancellationToken);
        return await journals.AppendAsync(run, new() { Entries = [new() { Kind = JournalEntryKind.Superseded, EndedAt = transport.ServerNow, Owed = owed }], SupersededBy = successor }, cancellationToken);
    }

    /// <summary>Ends a run that no runner can end.</summary>
    /// <returns>The state of the run after it; null when something was appended to the run meanwhile.</returns>
    /// <exception cref="OperationException">A job of it still runs.</exception>
    public async Task<JournalState?> TryEndAsync(JournalState run, string status, string reason, CancellationToken cancellationToken)
    {
        var owed = await OwedAfterAsync(run, cancellationToken);
        return await journals.AppendAsync(run, new() { Entries = [new() { Kind = JournalEntryKind.Over, Status = status, Reason = reason, EndedAt = transport.ServerNow, Owed = owed }] }, cancellationToken);
    }

    /// <summary>Gets the jobs of the calls whose ends are not recorded.</summary>
    public async Task<IReadOnlyCollection<JobId>> OpenJobsAsync(JournalState run, CancellationToken cancellationToken) => new JournalCells(await ReadAsync(run, cancellationToken)).OpenJobs;

    private async Task<IReadOnlyList<OwedStep>> OwedAfterAsync(JournalState run, CancellationToken cancellationToken)
    {
        await follower.ReachAsync(run.Position, cancellationToken);
        JournalCells cells = new(await ReadAsync(run, cancellationToken));
        List<JobId> running = [];
        var began = TimeProvider.System.GetTimestamp();
        foreach (var id in cells.OpenJobs)
            if (!await ApplyAsync(cells, id, JobTimeout - TimeProvider.System.GetElapsedTime(began), cancellationToken))
                running.Add(id);
        if (running.Count > 0)
            throw new OperationException(ErrorType.Conflict, $"run {run.Id} of plan '{run.Head.Plan}' was interrupted, and {running.Count} of its jobs still run: {string.Join(", ", running.Take(MaxNamed))}{(running.Count > MaxNamed ? ", ..." : "")}; wait for them, or cancel them");
        return [.. OwedSteps.Of(run, index.ContentOf(run)?.Tasks ?? [], index.TakenBy(run.Id), cells).Select(hosts.WithKey)];
    }

    private async Task<IReadOnlyList<(long Position, RunMessage Message)>> ReadAsync(JournalState run, CancellationToken cancellationToken)
    {
        List<(long, RunMessage)> journal = [];
        for (var after = run.Start - 1; await transport.ReadAsync(StreamName.Runs, RunSubjects.Journal(run.Id), after, Page, cancellationToken) is { Count: > 0 } page; after = page[^1].Sequence)
            journal.AddRange(page.Where(message => message.Sequence <= run.Position).Select(message => (message.Sequence, Message: JournalState.Read(message))).Where(read => read.Message is not null)!);
        return journal;
    }

    // False for a job that still runs. One that was never submitted has changed nothing, and nobody submits it any more.
    private async Task<bool> ApplyAsync(JournalCells cells, JobId id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (activeJobs.Find(id) is { } active)
            await wait.EndAsync(active, timeout, cancellationToken);
        IndexedJob job;
        try
        {
            job = await jobs.FindAsync(id, cancellationToken);
        }
        catch (OperationException failure) when (failure.Type == ErrorType.NotFound)
        {
            return true;
        }

        if (!JobStatusRules.IsFinished(job.Record, job.States))
            return false;
        Dictionary<string, ExecutorState> loaded = [];
        foreach (var (executor, state) in job.States)
            loaded[executor] = state with { Event = await JobEntries.LoadAsync(transport, state.Event, cancellationToken) };
        foreach (var reply in JobStatusRules.Entries(job.Record, loaded))
            cells.Apply(id, reply.Hostname, reply.Changed, reply.Outcome == Outcome.Ok);
        return true;
    }
}
