using System.Text.Json;
using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Accepts jobs: resolves the hosts, and makes the job durable before any caller is told that it exists.</summary>
internal sealed class JobSubmission(ITransport transport, AgentRegistry agents, RosterReconciler roster, ActiveJobs activeJobs, JobIndex index, JobIndexHealth health)
{
    private const int Page = 500;
    private const int MaxAttempts = 20;

    /// <summary>
    /// Submits the job of a call: a new one, or the existing one with its id. The job is in the log and in the read
    /// model when this completes.
    /// </summary>
    public async Task<ActiveJob> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        health.Refuse();
        // Wait before looking, so that the job cannot come and end unnoticed in between.
        using var waiter = activeJobs.WaitForAsync(request.Id);
        var job = Existing(request);
        if (job is null && index.Find(request.Id) is null)
        {
            roster.RequireComplete();
            var record = Resolve(request);
            var bytes = RequireFits(JobJson.Bytes(record));
            long? after = 0;
            for (var attempt = 0; after is not null; attempt++)
            {
                if (attempt == MaxAttempts)
                    throw new TransportException($"too many concurrent appends to job {record.Id}");
                var result = await transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(record.Id), bytes, after), .. JobCommands.Of(record)], cancellationToken);
                // After a refusal, another caller, perhaps at another controller, was first with this id: that record is the job.
                job = Existing(request);
                after = result.Appended || job is not null ? null : await FindInsertPositionAsync(request.Id, cancellationToken);
            }
        }

        job ??= await health.WaitAsync(waiter.Task, request.Id);
        if (!IsSameRequest(job.Record, request))
            throw new OperationException(ErrorType.Conflict, $"job {request.Id} exists already with another request");
        await health.WaitAsync(Task.WhenAny(job.Indexed, waiter.Task), request.Id);
        return job;
    }

    // Refused as a whole: a record without its commands would be a job that no host can run.
    private byte[] RequireFits(byte[] record) => record.Length <= transport.MaxMessageSize
        ? record
        : throw new OperationException(
            ErrorType.Invalid,
            $"the request makes a message of {record.Length} bytes, and the broker carries at most {transport.MaxMessageSize}: store what is large (file.upload) and deploy it");

    // In the active jobs while it runs, in the read model once it is finished. In between it is in neither for a
    // moment, but expected.
    private ActiveJob? Existing(JobRequest request)
    {
        if (activeJobs.Find(request.Id) is { } active)
            return active;
        return index.Find(request.Id) is { } known && new ActiveJob(known) is { IsFinished: true } finished ? finished : null;
    }

    // A silent host gets the command anyway, because it may return in time; a drained host does not, and is recorded
    // with the reason.
    private JobRecord Resolve(JobRequest request)
    {
        var members = agents.Matching(request.Target);
        if (members.Count == 0)
            throw new OperationException(ErrorType.Invalid, TargetExplanation.Of(request.Target, agents.All));
        var drained = members.Where(agent => agent.Drain is not null).ToList();
        var any = request.Target.Kind == TargetKind.Any;
        if (any && drained.Count == members.Count)
            throw new OperationException(ErrorType.Unavailable, $"no host takes work: {string.Join(", ", drained.Select(agent => $"{agent.Hostname} is {agent.State}"))}");
        return new()
        {
            Id = request.Id,
            Operation = request.Operation.Id,
            Request = request.Request,
            Target = request.Target.Text,
            AnyHost = any,
            Hosts = any ? [] : [.. members.Where(agent => agent.Drain is null).Select(agent => agent.Hostname)],
            Skipped = any ? [] : [.. drained.Select(agent => new SkippedHost(agent.Hostname, SkipReason(agent)))],
            Check = request.Check,
            FileContent = request.FileContent,
            Created = transport.ServerNow,
            StartWithin = request.StartWithin.TotalSeconds,
            Timeout = request.Timeout.TotalSeconds,
            Caller = request.Caller,
            RetryOf = request.RetryOf,
        };
    }

    private static string SkipReason(AgentInfo agent) =>
        $"the host is {agent.State}{(agent.Drain?.Reason is { } reason ? $": {reason}" : "")}{(agent.Drain?.By is { } by ? $" (drained by {by})" : "")}";

    // The last sequence of a subject without a record; null when there is a record.
    private async Task<long?> FindInsertPositionAsync(string id, CancellationToken cancellationToken)
    {
        long last = 0;
        while (await transport.ReadAsync(StreamName.Jobs, Subjects.Record(id), last, Page, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var message in page)
                if (JobRecord.TryParse(id, message.Payload, out var record, out _))
                    return record.Deletion is null ? null : throw new OperationException(ErrorType.Conflict, $"job {id} was deleted, and its id cannot be used again yet");
            last = page[^1].Sequence;
        }

        return last;
    }

    private static bool IsSameRequest(JobRecord record, JobRequest request) =>
        record.Operation == request.Operation.Id && record.Target == request.Target.Text && record.Check == request.Check && record.RetryOf == request.RetryOf
        && JsonElement.DeepEquals(record.Request, request.Request);
}

/// <summary>A call that becomes a job.</summary>
internal sealed record JobRequest
{
    public required string Id { get; init; }

    public required Operation Operation { get; init; }

    public required JsonElement Request { get; init; }

    public required Target Target { get; init; }

    public required TimeSpan StartWithin { get; init; }

    public bool Check { get; init; }

    /// <inheritdoc cref="JobRecord.FileContent"/>
    public bool FileContent { get; init; }

    public required TimeSpan Timeout { get; init; }

    public string? Caller { get; init; }

    public string? RetryOf { get; init; }
}
