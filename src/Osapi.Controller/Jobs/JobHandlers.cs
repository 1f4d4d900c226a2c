using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Agents;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.Deletions;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Operations;
using Osapi.Controller.Runs;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>The handlers of the job operations.</summary>
internal sealed class JobHandlers(
    JobIndex index, ActiveJobs activeJobs, JobLookup lookup, JobFollower follower, JobWait wait, JobCancellation cancellation, JobDeletion deletion, LargeRequests requests, RunCalls runs, AgentRegistry agents)
{
    public async Task<JobList> ListAsync(ListJobs request, HttpContext context)
    {
        await lookup.CatchUpAsync(context.RequestAborted);
        JobFilter filter = new(request);
        var counts = index.Counts();
        var limit = request.Limit ?? 10;
        // One more, to detect a next page.
        var found = index.List(filter, limit + 1, request.Offset ?? 0, request.Cursor);
        return new()
        {
            TotalItems = !filter.IsStatusOnly ? index.Count(filter) : request.Status is { } status ? counts[status] : counts.Values.Sum(),
            StatusCounts = counts.ToDictionary(pair => SnakeCaseName.Of(pair.Key), pair => pair.Value),
            Items = [.. found.Take(limit).Select(JobDetails.Of)],
            NextCursor = found.Count > limit ? found[limit - 1].Sequence : null,
        };
    }

    public async Task<JobDetail> GetAsync(GetJob request, HttpContext context) =>
        await DetailAsync(await lookup.FindAsync(request.Id, context.RequestAborted), context);

    public async Task<JobDetail> CancelAsync(CancelJob request, HttpContext context)
    {
        var known = await lookup.FindOrWaitAsync(request.Id, context.RequestAborted);
        RequireWithinLimit(known, context);
        var job = activeJobs.Find(request.Id);
        if (job is not null)
        {
            await cancellation.CancelAsync(job, context.RequestAborted);
            // Its hosts need a moment to stop; the caller gets the result, not the intention.
            await wait.EndAsync(job, JobWait.ResultGracePeriod, context.RequestAborted);
            known = await lookup.FindAsync(request.Id, context.RequestAborted);
        }

        var detail = await DetailAsync(known, context);
        // A host that finished at the same moment was not cancelled; one that still has to stop is.
        return detail with { Cancelled = job is not null && detail.Responses.Values.Any(response => response.Outcome is Outcome.Cancelled or Outcome.Running) };
    }

    public async Task<CheckResult> CheckCancelAsync(CancelJob request, HttpContext context)
    {
        var known = await lookup.FindAsync(request.Id, context.RequestAborted);
        RequireWithinLimit(known, context);
        return JobStatusRules.IsFinished(known.Record, known.States)
            ? new() { Changed = false }
            : new() { Changed = true, Before = StatusOf(known), After = CheckMembers.Of(new() { ["status"] = SnakeCaseName.Of(JobStatus.Cancelled) }) };
    }

    public async Task<CheckResult> CheckDeleteAsync(DeleteJob request, HttpContext context)
    {
        var job = await lookup.FindAsync(request.Id, context.RequestAborted);
        RequireWithinLimit(job, context);
        JobDeletion.RequireOver(job);
        runs.RequireNotKept(job.Record);
        return new() { Changed = true, Before = StatusOf(job) };
    }

    public async Task<NoContent> DeleteAsync(DeleteJob request, HttpContext context)
    {
        var job = await lookup.FindAsync(request.Id, context.RequestAborted);
        RequireWithinLimit(job, context);
        runs.RequireNotKept(job.Record);
        // The loser of a race gets the winner's result.
        if (await deletion.DeleteAsync(job, context.RequestAborted) is { } tombstone)
            await follower.ReachAsync(tombstone, context.RequestAborted);
        index.Truncate();
        return new();
    }

    private void RequireWithinLimit(IndexedJob job, HttpContext context) => TokenLimits.RequireJob(context, job.Record, agents.Find);

    private static JsonElement StatusOf(IndexedJob job) => CheckMembers.Of(new() { ["status"] = SnakeCaseName.Of(JobStatusRules.StatusOf(job.Record, job.States)) });

    private async Task<JobDetail> DetailAsync(IndexedJob job, HttpContext context) =>
        JobDetails.Of(job, await wait.LoadAsync(job.Record.Id, job.States, context), context.MaySeeContent(job.Record) ? await requests.FindAsync(job.Record, context) : null, index.RetriesOf(job.Record.Id), context);
}
