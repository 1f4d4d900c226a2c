using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Accepts jobs: decides who is to execute one, and makes it durable before anybody is told that it exists.</summary>
internal sealed class JobSubmission(ITransport transport, AgentRegistry agents, RosterReconciler roster, ActiveJobs board, JobIndex index, JobIndexHealth health)
{
    private const int Page = 500;
    private const int MaxAttempts = 20;

    /// <summary>The job of a call: a new one, or the one that has its id. It is in the log and in the read model when this completes.</summary>
    /// <exception cref="UncertainJobException">The job may have been accepted; then it is carried out all the same.</exception>
    public async Task<ActiveJob> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        health.Refuse();
        // Expected before it is looked for, so that it cannot come and end unseen in between.
        using var expectation = board.WaitForAsync(request.Id);
        var job = Existing(request);
        var record = job is null && index.Find(request.Id) is null ? New(request) : null;
        var bytes = record is null ? null : Checked(JobJson.Bytes(record));
        try
        {
            if (record is not null)
                job = await AppendAsync(record, bytes, request, cancellationToken);
            job ??= await health.WaitAsync(expectation.Task);
            if (!Same(job.Record, request))
                throw new OperationException(ErrorType.Conflict, $"job {request.Id} exists already with another request");
            await health.WaitAsync(Task.WhenAny(job.Indexed, expectation.Task));
            return job;
        }
        catch (TransportException failure)
        {
            throw new UncertainJobException(request.Id, failure);
        }
    }

    // The job that has the id already; null when it is the new one, which is still to be read.
    private async Task<ActiveJob?> AppendAsync(JobRecord record, byte[]? bytes, JobRequest request, CancellationToken cancellationToken)
    {
        long? after = 0;
        ActiveJob? job = null;
        for (var attempt = 0; after is not null; attempt++)
        {
            if (attempt == MaxAttempts)
                throw new TransportException($"others append to job {record.Id} all the time");
            var result = await transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(record.Id), bytes, after), .. JobCommands.Of(record)], cancellationToken);
            // When it was refused, somebody else, perhaps another controller, was first with this id: that record is the job.
            job = Existing(request);
            after = result.Appended || job is not null ? null : await AfterNothingAsync(request.Id, cancellationToken);
        }

        return job;
    }

    private JobRecord New(JobRequest request)
    {
        roster.RequireComplete();
        return Resolve(request);
    }

    // Refused as a whole: a record without its commands would be a job that nobody can run.
    private byte[] Checked(byte[] record) => record.Length <= transport.MaxMessageSize
        ? record
        : throw new OperationException(
            ErrorType.Invalid,
            $"the request makes a message of {record.Length} bytes, and the broker carries at most {transport.MaxMessageSize}: store what is large (file.upload) and deploy it");

    // On the board while it runs, in the read model once it is over. In between it is neither, for a moment, and expected.
    private ActiveJob? Existing(JobRequest request)
    {
        if (board.Find(request.Id) is { } active)
            return active;
        return index.Find(request.Id) is { } known && new ActiveJob(known) is { IsFinished: true } over ? over : null;
    }

    // Who is silent gets the command all the same, and may come back in time; who was drained does not, and is recorded with the reason.
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
            Skipped = any ? [] : [.. drained.Select(agent => new SkippedHost(agent.Hostname, WhySkipped(agent)))],
            Check = request.Check,
            FileContent = request.FileContent,
            Created = transport.ServerNow,
            StartWithin = request.StartWithin.TotalSeconds,
            Timeout = request.Timeout.TotalSeconds,
            Caller = request.Caller,
            RetryOf = request.RetryOf,
        };
    }

    private static string WhySkipped(AgentInfo agent) =>
        $"the host is {agent.State}{(agent.Drain?.Reason is { } reason ? $": {reason}" : "")}{(agent.Drain?.By is { } by ? $" (drained by {by})" : "")}";

    // The end of a record's subject on which no record stands, whatever else does; null when there is one.
    private async Task<long?> AfterNothingAsync(JobId id, CancellationToken cancellationToken)
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

    private static bool Same(JobRecord record, JobRequest request) =>
        record.Operation == request.Operation.Id && record.Target == request.Target.Text && record.Check == request.Check && record.RetryOf == request.RetryOf
        && (record.Request.Span.SequenceEqual(request.Request.Span) || RecordedRequest.AreSame(request.Operation, record.Request, request.Request));
}
