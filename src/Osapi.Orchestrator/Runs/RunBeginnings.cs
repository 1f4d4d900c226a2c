using Osapi.Client;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>Begins recorded runs: new ones, and those that are resumed.</summary>
internal static class RunBeginnings
{
    private static readonly TimeSpan WaitingAfter = TimeSpan.FromSeconds(1);

    /// <summary>Records a new run, after its plan and hosts were checked and before anything runs.</summary>
    /// <returns>The recorder; null when the run goes on without a record.</returns>
    public static async Task<RunRecorder?> StartAsync(Plan plan, RunOptions options, CancellationToken cancellationToken)
    {
        var client = ClientOf(plan);
        var request = RequestOf(plan, options);
        var (id, runner) = (request.Id, request.Runner);
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

    /// <summary>Records a run that the controllers run, or gives one that was interrupted or has ended to them.</summary>
    public static async Task<IReadOnlyList<OwedStep>> HandOverAsync(Plan plan, RunOptions options, DetachedInputs inputs, CancellationToken cancellationToken)
    {
        var client = ClientOf(plan);
        if (options.Resume is null)
            return (await client.Run.StartAsync(RequestOf(plan, options) with { Detached = inputs }, cancellationToken: cancellationToken).ConfigureAwait(false)).Owed;
        var (_, request) = await TakeoverOfAsync(plan, options, cancellationToken).ConfigureAwait(false);
        await client.Run.TakeOverAsync(request with { Detached = inputs with { RetryFailed = options.RetryFailed ? true : null, Rerun = options.Rerun } }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return [];
    }

    /// <summary>Takes over a run, and reads what has happened in it.</summary>
    /// <exception cref="InvalidPlanException">The plan differs from that of the run, or the run has ended and nothing is to be tried again.</exception>
    public static async Task<RunRecorder> ResumeAsync(Plan plan, RunOptions options, CancellationToken cancellationToken)
    {
        var client = ClientOf(plan);
        var (before, request) = await TakeoverOfAsync(plan, options, cancellationToken).ConfigureAwait(false);
        var taken = options.Claim is { } claim
            ? new RunTakenOver { Position = claim.Position, JobsSince = claim.JobsSince, Run = before }
            : await TakeOverAsync(plan, options, request, cancellationToken).ConfigureAwait(false);
        var history = await ReadAsync(client, plan, options, cancellationToken).ConfigureAwait(false);
        var replies = await RecordedReplies.ReadAsync(client, history, cancellationToken).ConfigureAwait(false);
        var runner = options.Claim?.Runner ?? request.Runner;
        RunJournal journal = new(client.Run, before.Id, runner, taken.Position, plan.Options.TimeProvider);
        return new(client, journal, runner, history, replies, taken.Run.Taken) { JobsSince = taken.JobsSince, LetGo = options.Claim?.LetGo ?? CancellationToken.None };
    }

    private static async Task<RunTakenOver> TakeOverAsync(Plan plan, RunOptions options, TakeOverRun request, CancellationToken cancellationToken)
    {
        var taking = ClientOf(plan).Run.TakeOverAsync(request, cancellationToken: cancellationToken);
        if (options.Waiting is { } waiting && await IsSlowAsync(taking, plan.Options.TimeProvider, cancellationToken).ConfigureAwait(false))
            waiting();
        return await taking.ConfigureAwait(false);
    }

    // The run as it is, and the request to take it over.
    private static async Task<(RunDetail Run, TakeOverRun Request)> TakeoverOfAsync(Plan plan, RunOptions options, CancellationToken cancellationToken)
    {
        var id = options.Resume!;
        var tasks = PlanDigest.TasksOf(plan);
        var hash = PlanDigest.Of(plan, tasks);
        var before = await ClientOf(plan).Run.GetAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (before.Hash != hash && !options.PlanChanged)
            throw Refused($"the plan differs from the one that run {id} was started with ({PlanDifference.Of(before.Tasks, tasks)}); go on with it anyway by --plan-changed: what has run stays as it is");
        if (before.Ended is not null && !options.RetryFailed && options.Rerun.Count == 0)
            throw Refused($"run {id} has ended; --failed tries again what failed, was cancelled or was skipped");
        var isOther = before.Hash != hash;
        return (before, new() { Id = id, Runner = RunId.New(), Force = options.Force ? true : null, Wait = options.Force ? null : true, Hash = isOther ? hash : null, Tasks = isOther ? tasks : null, Values = options.Values });
    }

    private static async Task<bool> IsSlowAsync(Task taking, TimeProvider time, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var isSlow = await Task.WhenAny(taking, Task.Delay(WaitingAfter, time, either.Token)).ConfigureAwait(false) != taking;
        await either.CancelAsync().ConfigureAwait(false);
        return isSlow && !cancellationToken.IsCancellationRequested;
    }

    private static StartRun RequestOf(Plan plan, RunOptions options)
    {
        var tasks = PlanDigest.TasksOf(plan);
        return new()
        {
            Id = options.Id ?? RunId.New(),
            Plan = options.Plan,
            Hash = PlanDigest.Of(plan, tasks),
            Runner = RunId.New(),
            Tasks = tasks,
            Files = options.Files,
            Values = options.Values,
            Concurrent = options.Concurrent ? true : null,
            ForgetOwed = options.ForgetOwed ? true : null,
        };
    }

    private static async Task<RunHistory> ReadAsync(OsapiClient client, Plan plan, RunOptions options, CancellationToken cancellationToken)
    {
        RunHistory history = new();
        ReopenedCells reopened = new(plan, options);
        var (isReopened, upTo) = (false, options.Claim?.RetryUpTo);
        long? after = null;
        do
        {
            var page = await client.Run.JournalAsync(new() { Id = options.Resume!, After = after, Limit = 1000 }, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var batch in page.Items)
            {
                // What has ended after the run was to be tried again is a new attempt.
                if (!isReopened && batch.Position > upTo)
                {
                    history.Reopen(reopened.Contains);
                    isReopened = true;
                }

                history.Add(batch);
            }

            after = page.NextAfter;
        }
        while (after is not null);
        if (!isReopened)
            history.Reopen(reopened.Contains);
        return history;
    }

    private static OsapiClient ClientOf(Plan plan) => plan.Client ?? throw new InvalidOperationException("A recorded run needs a client: new Plan(client, options).");

    private static InvalidPlanException Refused(string message) => new([new("", message)]);
}
