using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Execution;

/// <summary>
/// A call to hosts. The first attempt calls the target. Once hosts have responded, a further attempt calls each host that failed or
/// never started, alone, and the new result replaces the old one.
/// </summary>
internal sealed class HostCall(OperationBody body, IOperationInvoker invoker, TimeProvider time) : OperationCall
{
    // Sent again with the same id when no response came: if the call had arrived, it is the same job and not a second one.
    private readonly JobId id = JobId.New();
    private readonly UnansweredCall unanswered = new(invoker, time);
    private List<HostAttempt> hosts = [];
    private OperationReply? first;
    private JobId? jobId;
    private bool merged;

    // The error that ended the attempt before its response came, and the state of the job's hosts at that time.
    private Exception? failure;
    private IReadOnlyList<HostAttempt> seen = [];

    public override async Task<Result> NextAsync(bool isLast, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        (failure, seen) = (null, []);
        if (hosts.Count == 0)
            await CallTargetAsync(isLast, cancellationToken).ConfigureAwait(false);
        else
            await CallHostsAsync(cancellationToken).ConfigureAwait(false);
        return ToResult(time.GetElapsedTime(started));
    }

    public override bool CanRetry(RetryStrategy strategy) => hosts.Count == 0 || MarkResends(strategy);

    private async Task CallTargetAsync(bool isLast, CancellationToken cancellationToken)
    {
        try
        {
            first = await invoker.SendAsync(body.Operation, body.Request, body.Target, new() { JobId = id }, cancellationToken).ConfigureAwait(false);
            jobId = first.JobId;
            hosts = [.. first.Hosts.Select(entry => new HostAttempt(entry.Readable(body.Operation.ResultInfo)))];
        }
        catch (ApiException exception) when (exception.Hosts.Count > 0)
        {
            jobId = exception.JobId;
            hosts = [.. exception.Hosts.Select(entry => new HostAttempt(entry) { Error = exception })];
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            failure = exception;
            await FindJobAsync().ConfigureAwait(false);
        }
        catch (OsapiException exception)
        {
            failure = exception;
            jobId = (exception as ApiException)?.JobId;
            // A retry joins the job, if there is one.
            if (UnansweredCall.MayHaveArrived(exception) && isLast)
                await FindJobAsync().ConfigureAwait(false);
            else if (exception is ConnectionException && UnansweredCall.MayHaveArrived(exception))
                jobId = id;
        }
    }

    private async Task FindJobAsync()
    {
        (jobId, var entries) = await unanswered.ReadAsync(id).ConfigureAwait(false);
        seen = [.. entries.Select(entry => new HostAttempt(entry.Readable(body.Operation.ResultInfo)))];
    }

    private async Task CallHostsAsync(CancellationToken cancellationToken)
    {
        merged = true;
        var answers = await Task.WhenAll(hosts.Select(host => host.Resend ? RetryHostsAsync(host, cancellationToken) : Task.FromResult<HostAttempt[]>([host])))
            .ConfigureAwait(false);
        hosts = [.. answers.SelectMany(answer => answer)];
    }

    private async Task<HostAttempt[]> RetryHostsAsync(HostAttempt host, CancellationToken cancellationToken)
    {
        // A result without a host name, such as an _any that no host started, can only be retried with the original target.
        var target = Target.TryParse(host.Entry.Hostname, provider: null, out var alone) ? alone : body.Target!;
        var again = host.PendingId ?? JobId.New();
        try
        {
            var reply = await invoker.SendAsync(body.Operation, body.Request, target, new() { JobId = again }, cancellationToken).ConfigureAwait(false);
            return Followed(host, reply.Hosts, reply.JobId, refusal: null);
        }
        catch (ApiException exception) when (exception.Hosts.Count > 0)
        {
            return Followed(host, exception.Hosts, exception.JobId, exception);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            failure = exception;
            return await unanswered.ReadAsync(again).ConfigureAwait(false) is { Hosts.Count: > 0 } job ? Followed(host, job.Hosts, job.JobId, refusal: null) : [host];
        }
        catch (OsapiException exception)
        {
            var job = (exception as ApiException)?.JobId ?? (exception is ConnectionException && UnansweredCall.MayHaveArrived(exception) ? again : host.JobId);
            return [host with { Entry = host.Entry with { Error = exception.Message }, Error = exception, PendingId = again, JobId = job, Resend = false }];
        }
    }

    // Changes of the host before it failed still count.
    private HostAttempt[] Followed(HostAttempt before, IEnumerable<HostReply> entries, JobId? jobId, OsapiException? refusal) =>
        [.. entries.Select(entry => new HostAttempt(entry.Readable(body.Operation.ResultInfo) with { Changed = entry.Changed || before.Entry.Changed }) { JobId = jobId, Error = refusal })];

    private bool MarkResends(RetryStrategy strategy)
    {
        var any = false;
        foreach (var host in hosts)
            any |= host.Resend = host.CanBeSentAgain(body.Operation.Idempotency, strategy);
        return any;
    }

    private Result ToResult(TimeSpan duration)
    {
        var told = hosts.Count > 0 ? hosts : seen;
        Result result = new()
        {
            Error = failure,
            JobId = jobId,
            JobDuration = duration,
            Changed = told.Any(host => host.Entry.IsChange),
            Data = first is null ? null : JsonObject.Create(first.Document),
            HostResults = [.. told.Select(host => host.ToHostResult())],
            HostError = told is [{ Error: { } refusal }] ? refusal : null,
        };
        if (failure is not null && told.Count == 0)
            return result;
        try
        {
            // The body of the first response is not current any more.
            var reply = merged || first is null ? OperationReply.OfHosts(jobId, [.. told.Select(host => host.Entry)]) : first;
            return result with { Value = body.ValueOf?.Invoke(reply) };
        }
        catch (JsonException exception)
        {
            return result with { Error = failure ?? exception };
        }
    }
}
