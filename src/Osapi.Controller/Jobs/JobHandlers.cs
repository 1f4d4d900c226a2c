using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Controller.Jobs;

/// <summary>How the controller answers questions about jobs.</summary>
internal sealed class JobHandlers(
    JobIndex index, JobBoard board, JobLookup lookup, JobFollower follower, JobWait wait, JobCancellation cancellation, JobDeletion deletion)
{
    public async Task<JobList> ListAsync(ListJobs request, HttpContext context)
    {
        await lookup.FreshAsync(context.RequestAborted);
        JobFilter filter = new(request);
        var counts = index.Counts();
        var limit = request.Limit ?? 10;
        // One more tells whether there is a next page.
        var found = index.List(filter, limit + 1, request.Offset ?? 0, request.Cursor);
        return new()
        {
            TotalItems = !filter.IsStatusOnly ? index.Count(filter) : request.Status is { } status ? counts[status] : counts.Values.Sum(),
            StatusCounts = counts.ToDictionary(pair => WireName.Of(pair.Key), pair => pair.Value),
            Items = [.. found.Take(limit).Select(JobDetails.Of)],
            NextCursor = found.Count > limit ? found[limit - 1].Sequence : null,
        };
    }

    public async Task<JobDetail> GetAsync(GetJob request, HttpContext context) =>
        await DetailAsync(await lookup.FindAsync(request.Id.Value, context.RequestAborted), context.RequestAborted);

    public async Task<JobDetail> CancelAsync(CancelJob request, HttpContext context)
    {
        var known = await lookup.FindSoonAsync(request.Id.Value, context.RequestAborted);
        if (board.Find(request.Id.Value) is { } job)
        {
            await cancellation.CancelAsync(job, context.RequestAborted);
            // Its hosts need a moment to stop what they run; the caller is told the end, not the intention.
            await wait.EndAsync(job, JobWait.Grace, context.RequestAborted);
            known = await lookup.FindAsync(request.Id.Value, context.RequestAborted);
        }

        return await DetailAsync(known, context.RequestAborted);
    }

    public async Task<NoContent> DeleteAsync(DeleteJob request, HttpContext context)
    {
        var job = await lookup.FindAsync(request.Id.Value, context.RequestAborted);
        // Who was second at the same moment is told what the first made true.
        if (await deletion.DeleteAsync(job, context.RequestAborted) is { } tombstone)
            await follower.ReachAsync(tombstone, context.RequestAborted);
        return new();
    }

    private async Task<JobDetail> DetailAsync(IndexedJob job, CancellationToken cancellationToken) =>
        JobDetails.Of(job, await wait.LoadAsync(job.States, cancellationToken), index.RetriesOf(job.Record.Id));
}
