using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Operations;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>The handlers of the operations about runs.</summary>
internal sealed class RunHandlers(
    ITransport transport, ControllerOptions options, RunIndex index, RunFollower follower, RunJournals journals, RunJournalPages pages, RunStart start, RunAppending appending, RunTakeover takeover, RunRemoval removal, RunDetails details, RunnerPresence presence, OwedHosts hosts)
{
    private const int DefaultLimit = 10;
    private const int DefaultMessages = 100;

    public Task<RunStarted> StartAsync(StartRun request, HttpContext context) => start.StartAsync(request, context.User, context.RequestAborted);

    public Task<JournalPosition> AppendAsync(AppendJournal request, HttpContext context) => appending.AppendAsync(request, CallerOf(context), context.RequestAborted);

    public async Task<RunTakenOver> TakeOverAsync(TakeOverRun request, HttpContext context)
    {
        var run = await takeover.TakeOverAsync(request, context.User, context.RequestAborted);
        return new() { Position = run.Position, JobsSince = transport.ServerNow - options.KeepJobs, Run = details.Of(run, context) };
    }

    public async Task<RunDetail> GetAsync(GetRun request, HttpContext context) => details.Of(await FindAsync(request.Id, context), context);

    public async Task<JournalPage> JournalAsync(ReadJournal request, HttpContext context)
    {
        var run = await journals.GetAsync(request.Id, context.RequestAborted);
        return await pages.ReadAsync(run, request.After ?? 0, request.Limit ?? DefaultMessages, RunDetails.MaySeeContent(context, run), context.RequestAborted);
    }

    public async Task<RunList> ListAsync(ListRuns request, HttpContext context)
    {
        await follower.CatchUpAsync(context.RequestAborted);
        var limit = request.Limit ?? DefaultLimit;
        List<JournalState> found = [];
        IReadOnlyList<JournalState> rows;
        do
        {
            rows = index.List(request, limit + 1);
            // Which of the runs that have not ended are interrupted is not in the log.
            found.AddRange(rows.Where(run => request.Status is null || details.StatusOf(run) == request.Status));
            request = request with { Cursor = rows is [.., var last] ? last.Start : null };
        }
        while (rows.Count > limit && found.Count <= limit);
        return new() { Items = [.. found.Take(limit).Select(details.Of)], NextCursor = found.Count > limit ? found[limit - 1].Start : null };
    }

    public async Task<RunDetail> CancelAsync(CancelRun request, HttpContext context)
    {
        var run = await FindAsync(request.Id, context);
        var isFirst = !run.IsOver && index.WishOf(run.Id) is null;
        if (isFirst)
        {
            var result = await transport.AppendAsync([new(StreamName.Runs, RunSubjects.Wish(run.Id), RunJson.Pack(new CancelWish(CallerOf(context)), RunJson.Stored.CancelWish))], context.RequestAborted);
            await follower.ReachAsync(result.Sequence, context.RequestAborted);
            run = await FindAsync(request.Id, context);
        }

        return details.Of(run, context) with { Cancelled = isFirst };
    }

    public async Task<CheckResult> CheckCancelAsync(CancelRun request, HttpContext context)
    {
        var run = await FindAsync(request.Id, context);
        return run.IsOver || index.WishOf(run.Id) is not null
            ? new() { Changed = false }
            : new() { Changed = true, Before = StatusOf(run), After = CheckMembers.Of(new() { ["cancel_requested_by"] = CallerOf(context) }) };
    }

    public async Task<NoContent> DeleteAsync(DeleteRun request, HttpContext context)
    {
        var run = await FindAsync(request.Id, context);
        RequireRemovable(run);
        await removal.RemoveAsync(run, context.RequestAborted);
        return new();
    }

    public async Task<CheckResult> CheckDeleteAsync(DeleteRun request, HttpContext context)
    {
        var run = await FindAsync(request.Id, context);
        RequireRemovable(run);
        return new() { Changed = true, Before = StatusOf(run) };
    }

    public async Task<OwedList> OwedAsync(ListOwed request, HttpContext context)
    {
        await follower.CatchUpAsync(context.RequestAborted);
        return new() { Items = [.. index.Owed(request.Plan).Select(hosts.Checked)] };
    }

    public async Task<OwedList> ForgetAsync(ForgetOwed request, HttpContext context)
    {
        var steps = await ForgettableAsync(request, context);
        if (steps.Count > 0)
            await removal.ForgetAsync(request.Plan, steps, context.RequestAborted);
        return new() { Items = steps };
    }

    public async Task<CheckResult> CheckForgetAsync(ForgetOwed request, HttpContext context)
    {
        var steps = await ForgettableAsync(request, context);
        return steps.Count == 0 ? new() { Changed = false } : new() { Changed = true, Before = Owed(steps.Count), After = Owed(0) };

        static JsonElement Owed(int count) => CheckMembers.Of(new() { ["owed_steps"] = count });
    }

    private JsonElement StatusOf(JournalState run) => CheckMembers.Of(new() { ["status"] = SnakeCaseName.Of(details.StatusOf(run)) });

    // What a run has taken over is its own.
    private async Task<IReadOnlyList<OwedStep>> ForgettableAsync(ForgetOwed request, HttpContext context)
    {
        await follower.CatchUpAsync(context.RequestAborted);
        return [.. index.Owed(request.Plan).Where(step => step.TakenBy is null && (request.Task ?? step.Task) == step.Task && (request.Host is null || request.Host == step.Host))];
    }

    private void RequireRemovable(JournalState run)
    {
        if (!run.IsOver)
            throw new OperationException(ErrorType.Conflict, run.Head.Detached is not null || presence.IsHeard(run) ? $"run {run.Id} goes on; cancel it first" : $"run {run.Id} was interrupted: resume it, or start its plan again, first");
        if (index.OwesSince(run.Id, DateTimeOffset.MinValue))
            throw new OperationException(ErrorType.Conflict, $"run {run.Id} of plan '{run.Head.Plan}' owes steps: run the plan again, or forget them, first");
    }

    private async Task<JournalState> FindAsync(RunId id, HttpContext context)
    {
        var run = await journals.GetAsync(id, context.RequestAborted);
        await follower.ReachAsync(run.Position, context.RequestAborted);
        return run;
    }

    private static string CallerOf(HttpContext context) => context.User.FindFirst("sub")?.Value ?? "";
}
