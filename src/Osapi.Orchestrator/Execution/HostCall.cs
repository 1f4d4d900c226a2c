using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Execution;

/// <summary>Calls the hosts of one attempt. Whatever happens, it returns what is known about each of them.</summary>
internal sealed class HostCall(OperationBody body, HostsCall call, TimeProvider time)
{
    // With the delays between them, a controller may be away for a minute, as for the journal.
    private const int MaxRejoins = 40;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(2);

    private readonly UnansweredCall unanswered = new(call.Invoker, time);

    public async Task<HostAnswer> AnswerAsync()
    {
        if (call.Joined is null)
            call.Token.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        var answer = call.Joined is { JobId: { } id } ? await JoinAsync(id).ConfigureAwait(false) : await SendAsync().ConfigureAwait(false);
        if (IsOpen(answer))
            answer = await RejoinAsync(answer).ConfigureAwait(false);
        return answer with { Duration = time.GetElapsedTime(started) };
    }

    // The run knows the id of the job: a call without a response is neither a failure nor made once more.
    private bool IsOpen(HostAnswer answer) =>
        call.RecordedRun is not null && answer is { Hosts.Count: 0, Failure: OsapiException failure } && (failure is ConnectionException || MayHaveArrived(answer));

    private static bool MayHaveArrived(HostAnswer answer) => answer.Failure is OsapiException failure && UnansweredCall.MayHaveArrived(failure);

    private async Task<HostAnswer> RejoinAsync(HostAnswer answer)
    {
        // An earlier process may have made the call that is joined.
        var mayHaveArrived = call.Joined is not null || MayHaveArrived(answer);
        var delay = FirstDelay;
        for (var attempt = 0; attempt < MaxRejoins && IsOpen(answer); attempt++)
        {
            await Task.Delay(delay, time, call.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
            answer = await JoinAsync(call.JobId).ConfigureAwait(false);
            mayHaveArrived |= MayHaveArrived(answer);
        }

        return IsOpen(answer) && mayHaveArrived ? Unknown(call.JobId, $"{answer.Failure!.Message}: whether the job has run is not known") : answer;
    }

    private async Task<HostAnswer> SendAsync()
    {
        try
        {
            if (call.RequestProblem is { } problem)
                throw problem;
            CallOptions options = new() { JobId = call.JobId, Run = call.RecordedRun, Task = call.RecordedRun is null ? null : call.Task.Name, StartWithin = call.Task.StartLimit, HostEnded = call.Follows ? call.OnHostEnded : null };
            var reply = await call.Invoker.SendAsync(body.Operation, call.Request!, call.Hosts ?? body.Target!, options, call.Token).ConfigureAwait(false);
            return new() { Hosts = [.. reply.Hosts.Select(host => Attempt(host, reply.JobId))], JobId = reply.JobId, Reply = reply };
        }
        catch (ApiException exception) when (exception.Hosts.Count > 0)
        {
            return new() { Hosts = [.. exception.Hosts.Select(host => new HostAttempt(host) { Error = exception, JobId = exception.JobId })], JobId = exception.JobId };
        }
        catch (OperationCanceledException exception) when (call.Token.IsCancellationRequested)
        {
            return await ReadJobAsync(exception).ConfigureAwait(false);
        }
        catch (OsapiException exception)
        {
            var mayHaveArrived = UnansweredCall.MayHaveArrived(exception);
            // A retry joins the job, if there is one.
            return mayHaveArrived && call.IsLastAttempt && call.RecordedRun is null
                ? await ReadJobAsync(exception).ConfigureAwait(false)
                : new() { Hosts = [], Failure = exception, JobId = (exception as ApiException)?.JobId ?? (mayHaveArrived && exception is ConnectionException ? call.JobId : null) };
        }
    }

    // The job of a call that was recorded before it was made: it exists, or the call is made now. Its body is not compared: it is the same call.
    private async Task<HostAnswer> JoinAsync(JobId id)
    {
        try
        {
            if (await JoinedJob.EndAsync(call.Plan.BodyClient, id, call.Token).ConfigureAwait(false) is { } job)
                return job.Run != call.RecordedRun ? throw new ConflictException($"job {id} is none of run {call.RecordedRun}: another caller has taken its id") : new() { Hosts = [.. job.Responses.Values.OrderBy(response => response.Hostname, StringComparer.Ordinal).Select(response => Attempt(response.ToHostReply(), id))], JobId = id };
            return call.MayHaveBeenRemoved ? Unknown(id, "the job of the call that was recorded is not kept any more: whether it has run is not known") : await SendAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (call.Token.IsCancellationRequested)
        {
            await JoinedJob.CancelAsync(call.Plan.BodyClient, id, time).ConfigureAwait(false);
            return await ReadJobAsync(exception).ConfigureAwait(false);
        }
        catch (OsapiException exception)
        {
            return new() { Hosts = [], Failure = exception, JobId = id };
        }
    }

    // Whether the call was made cannot be known any more, and it must not be made twice.
    private HostAnswer Unknown(JobId id, string reason) => new()
    {
        Hosts = [.. (call.Hosts?.Hostnames ?? [""]).Select(host => new HostAttempt(new() { Hostname = host, Outcome = Outcome.Unknown, Error = reason, ErrorType = ErrorType.Unknown }) { JobId = id })],
        JobId = id,
    };

    private async Task<HostAnswer> ReadJobAsync(Exception failure)
    {
        var (jobId, hosts) = await unanswered.ReadAsync(call.JobId).ConfigureAwait(false);
        return new() { Hosts = [.. hosts.Select(host => Attempt(host, jobId))], Failure = failure, JobId = jobId };
    }

    private HostAttempt Attempt(HostReply reply, JobId? jobId) => new(reply.Readable(body.Operation.ResultInfo)) { JobId = jobId };
}
