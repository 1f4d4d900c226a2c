using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Converts jobs for callers.</summary>
internal static class JobDetails
{
    /// <summary>Converts a job with its replies.</summary>
    /// <param name="job">The job.</param>
    /// <param name="states">The newest states, with the replies that are stored as objects.</param>
    /// <param name="request">The request; null when its object is gone, and for a caller who may not see it.</param>
    /// <param name="retries">The ids of the jobs that retry it.</param>
    /// <param name="context">The request of the caller.</param>
    public static JobDetail Of(IndexedJob job, IReadOnlyDictionary<string, ExecutorState> states, ReadOnlyMemory<byte>? request, IReadOnlyList<JobId> retries, HttpContext context)
    {
        var mayRead = context.MaySeeContent(job.Record);
        var entries = JobStatusRules.Entries(job.Record, states).VisibleTo(context);
        var single = entries.Count == 1 ? entries[0] : null;
        var phase = JobStatusRules.StatusOf(job.Record, job.States);
        return new()
        {
            Id = job.Record.Id,
            Status = phase,
            Created = job.Record.Created,
            UpdatedAt = job.Updated,
            Target = job.Record.Target,
            Hosts = job.Record.Target == JobRecord.HostList ? [.. job.Record.ExpectedHosts] : null,
            Operation = mayRead && request is { } bytes ? new(job.Record.Operation, RecordedRequest.ToElement(job.Record, bytes)) : new(job.Record.Operation),
            Check = job.Record.Check ? true : null,
            Caller = job.Record.Caller,
            RetryOf = job.Record.RetryOf,
            Run = job.Record.Run,
            Task = job.Record.Task,
            Retries = retries,
            Hostname = single?.Hostname is HostKey.Any ? null : single?.Hostname,
            Changed = phase is JobStatus.Submitted or JobStatus.Processing || IsReadOnly(job.Record) ? null : entries.Any(entry => entry.Changed),
            Error = entries.FirstOrDefault(entry => entry.Error is not null)?.Error,
            Result = single is null || !mayRead ? null : ResultOf(single),
            Responses = entries.DistinctBy(entry => entry.Hostname).ToDictionary(entry => entry.Hostname, entry => Response(entry, mayRead)),
            Timeline = JobTimeline.Of(job),
        };
    }

    /// <summary>Converts a job for a list: without its request and its replies.</summary>
    public static JobSummary Of(ListedJob job) => new()
    {
        Id = job.Record.Id,
        Status = job.Phase,
        Created = job.Record.Created,
        UpdatedAt = job.Updated,
        Target = job.Record.Target,
        Operation = new(job.Record.Operation),
        Check = job.Record.Check ? true : null,
        Caller = job.Record.Caller,
        RetryOf = job.Record.RetryOf,
        Run = job.Record.Run,
        Task = job.Record.Task,
    };

    private static bool IsReadOnly(JobRecord record) =>
        OperationCatalog.Default.TryFind(record.Operation, out var operation) && operation.Idempotency == Idempotency.ReadOnly;

    private static JobResponse Response(HostReply entry, bool mayRead) => new()
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
        Check = mayRead ? entry.Check : null,
        Reachable = entry.Reachable == false ? false : null,
        Data = mayRead ? ResultOf(entry) : null,
    };

    private static JsonElement? ResultOf(HostReply entry) => entry.Result is { } result ? FlattenedEntry.WithoutOwnMembers(result) : null;
}
