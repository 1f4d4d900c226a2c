using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>How the controller answers questions about jobs.</summary>
internal sealed class JobHandlers(JobIndex index, JobBoard board, JobWait wait, JobCancellation cancellation)
{
    public Task<JobList> ListAsync(ListJobs request, HttpContext context)
    {
        var counts = index.Counts();
        return Task.FromResult(new JobList
        {
            TotalItems = request.Status is { } status ? counts[status] : counts.Values.Sum(),
            StatusCounts = counts.ToDictionary(pair => WireName.Of(pair.Key), pair => pair.Value),
            Items = [.. index.List(request.Status, request.Limit ?? 10, request.Offset ?? 0).Select(Summary)],
        });
    }

    public Task<JobDetail> GetAsync(GetJob request, HttpContext context) => DetailAsync(request.Id, context.RequestAborted);

    public async Task<JobDetail> CancelAsync(CancelJob request, HttpContext context)
    {
        if (board.Find(request.Id.Value) is { } job)
        {
            await cancellation.CancelAsync(job, context.RequestAborted);
            // Its hosts need a moment to stop what they run; the caller is told the end, not the intention.
            await wait.EndAsync(job, JobWait.Grace, context.RequestAborted);
        }

        return await DetailAsync(request.Id, context.RequestAborted);
    }

    private async Task<JobDetail> DetailAsync(JobId id, CancellationToken cancellationToken)
    {
        var job = index.Find(id.Value) ?? throw new OperationException(ErrorType.NotFound, $"job not found: {id}");
        var entries = JobStatus.Entries(job.Record, await wait.LoadAsync(job.States, cancellationToken));
        var single = entries.Count == 1 ? entries[0] : null;
        var phase = JobStatus.Phase(job.Record, job.States);
        return new()
        {
            Id = job.Record.Id,
            Status = phase,
            Created = job.Record.Created,
            UpdatedAt = job.Updated,
            Target = job.Record.Target,
            Operation = new(job.Record.Operation, job.Record.Request),
            Hostname = single?.Hostname is HostKey.Any ? null : single?.Hostname,
            Changed = phase is JobPhase.Submitted or JobPhase.Processing || OnlyLooked(job.Record) ? null : entries.Any(entry => entry.Changed),
            Error = entries.FirstOrDefault(entry => entry.Error is not null)?.Error,
            Result = single is null ? null : ResultOf(single),
            Responses = entries.DistinctBy(entry => entry.Hostname).ToDictionary(entry => entry.Hostname, Response),
            Timeline = JobTimeline.Of(job),
        };
    }

    private static bool OnlyLooked(JobRecord record) =>
        OperationCatalog.Default.TryFind(record.Operation, out var operation) && operation.Idempotency == Idempotency.ReadOnly;

    private static JobSummary Summary(ListedJob job) => new()
    {
        Id = job.Record.Id,
        Status = job.Phase,
        Created = job.Record.Created,
        UpdatedAt = job.Updated,
        Target = job.Record.Target,
        Operation = new(job.Record.Operation, job.Record.Request),
    };

    private static JobResponse Response(HostEntry entry) => new()
    {
        Hostname = entry.Hostname,
        Status = entry.Outcome switch
        {
            Outcome.Ok or Outcome.Skipped => "completed",
            Outcome.Running => "processing",
            _ => "failed",
        },
        Outcome = entry.Outcome,
        Changed = entry.Changed,
        Error = entry.Error,
        ErrorType = entry.ErrorType,
        Data = ResultOf(entry),
    };

    private static JsonElement? ResultOf(HostEntry entry) => entry.Result is { } result ? FlatEntry.WithoutOwnMembers(result) : null;
}
