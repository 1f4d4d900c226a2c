using System.Text.Json;
using Osapi.Controller.Agents;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Accepts jobs: decides who is to execute one, and makes it durable before anybody is told that it exists.</summary>
internal sealed class JobSubmission(ITransport transport, AgentRegistry agents, JobBoard board, JobIndex index)
{
    public async Task<ActiveJob> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        if (Existing(request) is { } known)
            return known;

        var record = Resolve(request);
        // The caller may be answered before the follower has seen the record, so it is put up first.
        var job = board.Add(record);
        var result = await transport.AppendAsync(
            [
                new(StreamName.Jobs, Subjects.Record(record.Id), JobJson.Bytes(record), ExpectedLast: 0),
                .. Commands(record),
            ],
            cancellationToken);
        return result.Appended ? job : await OtherAsync(request, cancellationToken);
    }

    private JobRecord Resolve(JobRequest request)
    {
        var members = agents.Matching(request.Target);
        if (members.Count == 0)
            throw new OperationException(ErrorType.Invalid, agents.Explain(request.Target));
        return new()
        {
            Id = request.Id,
            Operation = request.Operation.Id,
            Request = request.Request,
            Target = request.Target.Text,
            AnyHost = request.Target.Kind == TargetKind.Any,
            Hosts = request.Target.Kind == TargetKind.Any ? [] : [.. members.Select(agent => agent.Hostname)],
            Check = request.Check,
            Created = transport.ServerNow,
            StartWithin = request.StartWithin.TotalSeconds,
            Timeout = request.Timeout.TotalSeconds,
            Caller = request.Caller,
        };
    }

    private static IEnumerable<Append> Commands(JobRecord record)
    {
        var command = JobJson.Bytes(new JobCommand
        {
            Kind = CommandKind.Run,
            JobId = record.Id,
            Operation = record.Operation,
            Request = record.Request,
            Check = record.Check,
            StartWithin = record.StartWithin,
        });
        return record.AnyHost
            ? [new(StreamName.Any, Subjects.Any, command, MessageId: record.Id)]
            : record.Executors.Select(key => new Append(StreamName.Commands, Subjects.Command(key, record.Id), command, MessageId: $"{record.Id}.{key}"));
    }

    private ActiveJob? Existing(JobRequest request)
    {
        if (board.Find(request.Id) is { } active)
            return Same(active.Record, request) ? active : throw Taken(request.Id);
        if (index.Find(request.Id) is not { } job)
            return null;
        if (!Same(job.Record, request))
            throw Taken(request.Id);
        return Revive(job.Record, job.States);
    }

    // Somebody else, perhaps another controller, was first with this id.
    private async Task<ActiveJob> OtherAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var message = await transport.LastAsync(StreamName.Jobs, Subjects.Record(request.Id), cancellationToken)
            ?? throw new TransportException($"job {request.Id} was refused and is not in the log");
        var record = JobJson.Record(message.Payload);
        return Same(record, request) ? board.Find(request.Id) ?? board.Add(record) : throw Taken(request.Id);
    }

    private static ActiveJob Revive(JobRecord record, IReadOnlyDictionary<string, ExecutorState> states)
    {
        ActiveJob job = new(record);
        foreach (var (executor, state) in states)
            job.Apply(executor, state);
        return job;
    }

    private static bool Same(JobRecord record, JobRequest request) =>
        record.Operation == request.Operation.Id && record.Target == request.Target.Text && record.Check == request.Check && JsonElement.DeepEquals(record.Request, request.Request);

    private static OperationException Taken(string id) => new(ErrorType.Conflict, $"job {id} exists already with another request");
}

/// <summary>A call that is to become a job.</summary>
internal sealed record JobRequest
{
    public required string Id { get; init; }

    public required Operation Operation { get; init; }

    public required JsonElement Request { get; init; }

    public required Target Target { get; init; }

    public required TimeSpan StartWithin { get; init; }

    public bool Check { get; init; }

    public required TimeSpan Timeout { get; init; }

    public string? Caller { get; init; }
}
