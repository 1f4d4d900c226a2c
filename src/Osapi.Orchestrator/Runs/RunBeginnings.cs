using Osapi.Client;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>Begins recorded runs: new ones, and those that are resumed.</summary>
internal static class RunBeginnings
{
    /// <summary>Records a new run, after its plan and hosts were checked and before anything runs.</summary>
    /// <returns>The recorder; null when the run goes on without a record.</returns>
    public static async Task<RunRecorder?> StartAsync(Plan plan, RunOptions options, CancellationToken cancellationToken)
    {
        var client = ClientOf(plan);
        var (id, runner) = (options.Id ?? RunId.New(), RunId.New());
        var tasks = PlanDigest.TasksOf(plan);
        StartRun request = new()
        {
            Id = id,
            Plan = options.Plan,
            Hash = PlanDigest.Of(plan, tasks),
            Runner = runner,
            Tasks = tasks,
            Files = options.Files,
            Values = options.Values,
            Concurrent = options.Concurrent ? true : null,
            ForgetOwed = options.ForgetOwed ? true : null,
        };
        RunStarted started;
        try
        {
            started = await client.Run.StartAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException exception) when (options.NotRecorded is not null && exception is NotFoundException or AuthException { StatusCode: 403 } or ValidationException)
        {
            options.NotRecorded!(exception is NotFoundException ? "the controller is older than 0.2 and keeps no runs" : exception.Message);
            return null;
        }

        RunJournal journal = new(client.Run, id, runner, started.Position, plan.Options.TimeProvider);
        return new(client, journal, runner, new(), RecordedReplies.None, started.Owed) { Superseded = started.Superseded };
    }

    /// <summary>Takes over a run, and reads what has happened in it.</summary>
    /// <exception cref="InvalidPlanException">The plan differs from that of the run, or the run has ended and nothing is to be tried again.</exception>
    public static async Task<RunRecorder> ResumeAsync(Plan plan, RunOptions options, CancellationToken cancellationToken)
    {
        var client = ClientOf(plan);
        var (id, runner) = (options.Resume!, RunId.New());
        var tasks = PlanDigest.TasksOf(plan);
        var hash = PlanDigest.Of(plan, tasks);
        var before = await client.Run.GetAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (before.Hash != hash && !options.PlanChanged)
            throw Refused($"the plan differs from the one that run {id} was started with ({PlanDifference.Of(before.Tasks, tasks)}); go on with it anyway by --plan-changed: what has run stays as it is");
        if (before.Ended is not null && !options.RetryFailed && options.Rerun.Count == 0)
            throw Refused($"run {id} has ended; --failed tries again what failed, was cancelled or was skipped");
        var isOther = before.Hash != hash;
        var taken = await client.Run.TakeOverAsync(
            new() { Id = id, Runner = runner, Force = options.Force ? true : null, Hash = isOther ? hash : null, Tasks = isOther ? tasks : null, Values = options.Values },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        var history = await ReadAsync(client, id, cancellationToken).ConfigureAwait(false);
        history.Reopen(new ReopenedCells(plan, options).Contains);
        var replies = await RecordedReplies.ReadAsync(client, history, cancellationToken).ConfigureAwait(false);
        RunJournal journal = new(client.Run, id, runner, taken.Position, plan.Options.TimeProvider);
        return new(client, journal, runner, history, replies, taken.Run.Taken) { JobsSince = taken.JobsSince };
    }

    private static async Task<RunHistory> ReadAsync(OsapiClient client, RunId id, CancellationToken cancellationToken)
    {
        RunHistory history = new();
        long? after = null;
        do
        {
            var page = await client.Run.JournalAsync(new() { Id = id, After = after, Limit = 1000 }, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var batch in page.Items)
                history.Add(batch);
            after = page.NextAfter;
        }
        while (after is not null);
        return history;
    }

    private static OsapiClient ClientOf(Plan plan) => plan.Client ?? throw new InvalidOperationException("A recorded run needs a client: new Plan(client, options).");

    private static InvalidPlanException Refused(string message) => new([new("", message)]);
}
