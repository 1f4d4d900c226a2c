using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Execution;

/// <summary>
/// A call to hosts. The first attempt asks the target; once hosts have answered, a further attempt asks each host that
/// failed or never started, alone, and its new answer takes the place of the old one.
/// </summary>
internal sealed class HostCall(OperationBody body, IOperationInvoker invoker, TimeProvider time) : OperationCall
{
    // Sent again under the same id when no answer came: if the call had arrived after all, it is the same job and not a second one.
    private readonly Guid id = Guid.NewGuid();
    private readonly UnansweredCall unanswered = new(invoker, time);
    private List<HostAttempt> hosts = [];
    private OperationReply? first;
    private string jobId = "";
    private bool merged;

    // What ended the attempt before its answer came, and the hosts of the job as they stood then.
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
            jobId = exception.JobId ?? "";
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
            jobId = (exception as ApiException)?.JobId ?? "";
            // What is tried again joins the job, if there is one.
            if (UnansweredCall.MayHaveArrived(exception) && isLast)
                await FindJobAsync().ConfigureAwait(false);
            else if (exception is ConnectionException && UnansweredCall.MayHaveArrived(exception))
                jobId = $"{id}";
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
        // An entry without a host's name, such as an _any that nobody started, can only be asked for where it was asked before.
        var target = Target.TryParse(host.Entry.Hostname, provider: null, out var alone) ? alone : body.Target!;
        var again = host.PendingId ?? Guid.NewGuid();
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
            return await unanswered.ReadAsync(again).ConfigureAwait(false) is { Entries.Count: > 0 } job ? Followed(host, job.Entries, job.JobId, refusal: null) : [host];
        }
        catch (OsapiException exception)
        {
            var job = (exception as ApiException)?.JobId ?? (exception is ConnectionException && UnansweredCall.MayHaveArrived(exception) ? $"{again}" : host.JobId);
            return [host with { Entry = host.Entry with { Error = exception.Message }, Error = exception, PendingId = again, JobId = job, Resend = false }];
        }
    }

    // What the host changed before it failed stays changed.
    private HostAttempt[] Followed(HostAttempt before, IEnumerable<HostReply> entries, string? jobId, OsapiException? refusal) =>
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
            // The bytes of the first answer no longer tell what the hosts said last.
            Answer answer = new(jobId, [.. told.Select(host => host.Entry)], merged ? null : first?.RawJson, first?.Document);
            return result with { Value = body.ValueOf?.Invoke(answer) };
        }
        catch (JsonException exception)
        {
            return result with { Error = failure ?? exception };
        }
    }
}
