using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Execution;

/// <summary>Calls the hosts of one attempt. Whatever happens, it returns what is known about each of them.</summary>
internal sealed class HostCall(OperationBody body, HostsCall call, TimeProvider time)
{
    private readonly UnansweredCall unanswered = new(call.Invoker, time);

    public async Task<HostAnswer> AnswerAsync()
    {
        call.Token.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        var answer = await SendAsync().ConfigureAwait(false);
        return answer with { Duration = time.GetElapsedTime(started) };
    }

    private async Task<HostAnswer> SendAsync()
    {
        try
        {
            CallOptions options = new() { JobId = call.JobId, StartWithin = call.Task.StartLimit, HostEnded = call.Follows ? call.OnHostEnded : null };
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
            return mayHaveArrived && call.IsLastAttempt
                ? await ReadJobAsync(exception).ConfigureAwait(false)
                : new() { Hosts = [], Failure = exception, JobId = (exception as ApiException)?.JobId ?? (mayHaveArrived && exception is ConnectionException ? call.JobId : null) };
        }
    }

    private async Task<HostAnswer> ReadJobAsync(Exception failure)
    {
        var (jobId, hosts) = await unanswered.ReadAsync(call.JobId).ConfigureAwait(false);
        return new() { Hosts = [.. hosts.Select(host => Attempt(host, jobId))], Failure = failure, JobId = jobId };
    }

    private HostAttempt Attempt(HostReply reply, JobId? jobId) => new(reply.Readable(body.Operation.ResultInfo)) { JobId = jobId };
}
