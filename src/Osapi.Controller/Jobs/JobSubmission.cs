using Osapi.Controller.Agents;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Accepts jobs: resolves the target to executors, and appends the job to the log before the caller gets a response.</summary>
internal sealed class JobSubmission(
    ITransport transport, AgentRegistry agents, RosterReconciler roster, ActiveJobs activeJobs, JobIndex index, JobFollower follower, RequestSecrets secrets, LargeRequests requests, RequestFiles requestFiles, JobIndexHealth health)
{
    private const int Page = 500;
    private const int MaxAttempts = 20;

    /// <summary>Returns the job of a call: a new one, or the existing one with its id. It is in the log, and in memory, when the task completes; queries wait for the read model.</summary>
    /// <exception cref="UncertainJobException">The job may have been accepted; then it runs.</exception>
    public async Task<ActiveJob> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        health.Refuse();
        // Registered before the lookup, so that a job that is added and ends in between is not missed.
        using var expectation = activeJobs.WaitForAsync(request.Id);
        var (job, isKnown) = request.HasNewId ? default : Find(request.Id);
        var record = isKnown ? null : New(request);
        var files = record is null ? null : await requestFiles.FindAsync(record, request.Request, cancellationToken);
        var prepared = record is null ? default : await PrepareAsync(record, request, cancellationToken);
        try
        {
            if (record is not null)
                job = await AppendAsync(prepared, request, files, cancellationToken);
            job ??= await health.WaitAsync(expectation.Task);
            if (!await SameAsync(job.Record, request, cancellationToken))
                throw new OperationException(ErrorType.Conflict, $"job {request.Id} already exists with a different request");
            return job;
        }
        catch (TransportException failure)
        {
            throw new UncertainJobException(request.Id, failure);
        }
    }

    // Returns the existing job with the id; null for the new one, which the follower has not read yet.
    private async Task<ActiveJob?> AppendAsync(PreparedJob prepared, JobRequest request, IReadOnlyList<FileReference>? files, CancellationToken cancellationToken)
    {
        var (record, bytes, content) = prepared;
        long? after = 0;
        ActiveJob? job = null;
        for (var attempt = 0; after is not null; attempt++)
        {
            if (attempt == MaxAttempts)
                throw new TransportException($"too many concurrent appends to job {record.Id}");
            var result = await transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(record.Id), bytes, after) { Known = bytes.Length <= JobJson.MaxKnown ? record : null }, .. RequestSecrets.Commands(record, content, files)], cancellationToken);
            // A rejected append means that another caller or controller has used the id first: its record is the job.
            if (result.Appended)
                return activeJobs.Find(request.Id);
            job = Find(request.Id).Job;
            after = job is not null ? null : await FindFreePositionOrRemoveAsync(record, cancellationToken);
        }

        await requests.RemoveAsync(record);
        return job;
    }

    private async Task<long?> FindFreePositionOrRemoveAsync(JobRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return await FindFreePositionAsync(record.Id, cancellationToken);
        }
        catch (OperationException)
        {
            await requests.RemoveAsync(record);
            throw;
        }
    }

    // The objects of a large request are stored before the record that names them.
    private async ValueTask<PreparedJob> PrepareAsync(JobRecord record, JobRequest request, CancellationToken cancellationToken)
    {
        var (stored, content) = await requests.StoreAsync(record, request.Request, cancellationToken);
        var bytes = JobJson.Bytes(stored);
        // The request of a command can be longer than the one in the record, by its secrets.
        if (bytes.Length + Math.Max(0, content.Bytes.Length - stored.Request.Length) is var size && size <= transport.MaxMessageSize)
            return new(stored, bytes, content);
        // Rejected as a whole: a record without its commands would be a job that no host can run.
        await requests.RemoveAsync(stored);
        throw new OperationException(ErrorType.Invalid, $"the job needs a message of {size} bytes, and the broker accepts at most {transport.MaxMessageSize}: name fewer hosts");
    }

    private JobRecord New(JobRequest request)
    {
        roster.RequireComplete();
        var record = Resolve(request);
        secrets.RequireSealed(record);
        return record;
    }

    // An active job is in memory, an ended one in the read model. A job in the read model that has not ended is on its way into memory, or out of
    // it, which the registered wait covers.
    private (ActiveJob? Job, bool IsKnown) Find(JobId id)
    {
        if (activeJobs.Find(id) is { } active)
            return (active, true);
        return index.Find(id) is { } known ? (new ActiveJob(known) is { IsFinished: true } over ? over : null, true) : default;
    }

    // A silent host gets the command, because it may return in time; a drained host does not, and is recorded with the reason.
    private JobRecord Resolve(JobRequest request)
    {
        var members = agents.Matching(request.Target);
        var isList = request.Target.Kind == TargetKind.Hosts;
        // A list is refused as a whole, and all of its unknown hosts are named.
        if (isList && TargetExplanation.OfMissing(request.Target.Hostnames, members, agents.All) is { Count: > 0 } missing)
            throw new OperationException(ErrorType.Invalid, string.Join("; ", missing));
        if (members.Count == 0)
            throw new OperationException(ErrorType.Invalid, TargetExplanation.Of(request.Target, agents.All));
        TokenLimits.RequireHosts(request.Limit, request.Target.Kind == TargetKind.Any, members.Select(agent => (agent.Hostname, agent.Labels)));
        var drained = members.Where(agent => !agent.TakesWork).ToList();
        var any = request.Target.Kind == TargetKind.Any;
        if (any && drained.Count == members.Count)
            throw new OperationException(ErrorType.Unavailable, TargetExplanation.OfDrained(drained));
        var (recorded, code) = secrets.Mask(request);
        return new()
        {
            Id = request.Id,
            Operation = request.Operation.Id,
            Request = recorded,
            SecretsCode = code,
            Target = isList ? JobRecord.HostList : request.Target.Text,
            AnyHost = any,
            Hosts = any ? [] : [.. members.Where(agent => agent.TakesWork).Select(agent => agent.Hostname)],
            Skipped = any ? [] : [.. drained.Select(agent => new SkippedHost(agent.Hostname, SkipReasonOf(agent)))],
            Check = request.Check,
            FileContent = request.FileContent,
            Created = transport.ServerNow,
            StartWithin = request.StartWithin.TotalSeconds,
            Timeout = request.Timeout.TotalSeconds,
            Caller = request.Caller,
            RetryOf = request.RetryOf,
            Run = request.Run,
            Task = request.Task,
        };
    }

    private static string SkipReasonOf(AgentInfo agent) => agent.IsPending
        ? "the host is Pending: it is not enrolled"
        : $"the host is {agent.State}{(agent.Drain?.Reason is { } reason ? $": {reason}" : "")}{(agent.Drain?.By is { } by ? $" (drained by {by})" : "")}";

    // Returns the last sequence of a subject without a valid record; null when there is one, which the follower has or gets.
    private async Task<long?> FindFreePositionAsync(JobId id, CancellationToken cancellationToken)
    {
        long last = 0;
        while (await transport.ReadAsync(StreamName.Jobs, Subjects.Record(id), last, Page, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var message in page)
                if (JobRecord.TryParse(id, message, out var record, out _))
                {
                    if (record.Deletion is not null)
                        throw new OperationException(ErrorType.Conflict, $"job {id} was deleted, and its id cannot be used again yet");
                    follower.RequireMessage(id, message.Sequence, () => activeJobs.Find(id) is not null || index.Has(id));
                    return null;
                }

            last = page[^1].Sequence;
        }

        return last;
    }

    private async ValueTask<bool> SameAsync(JobRecord record, JobRequest request, CancellationToken cancellationToken) =>
        record.Operation == request.Operation.Id && IsSameTarget(record, request.Target) && record.Check == request.Check && record.RetryOf == request.RetryOf
        && await secrets.AreSameAsync(record, request, cancellationToken);

    private static bool IsSameTarget(JobRecord record, Target target) => target.Kind == TargetKind.Hosts
        ? record.Target == JobRecord.HostList && record.ExpectedHosts.Select(HostKey.Of).ToHashSet().SetEquals(target.Hostnames.Select(HostKey.Of))
        : record.Target == target.Text;

    private readonly record struct PreparedJob(JobRecord Record, byte[] Bytes, RequestContent Content);
}
