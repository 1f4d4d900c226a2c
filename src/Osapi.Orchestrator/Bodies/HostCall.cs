using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Bodies;

/// <summary>
/// A call to hosts. The first attempt asks the target; once hosts have answered, a further attempt asks each host that
/// failed or never started, alone, and its new answer takes the place of the old one.
/// </summary>
internal sealed class HostCall(OperationBody body, IOperationInvoker invoker, TimeProvider time) : OperationCall
{
    // Sent again under the same id when no answer came: if the call had arrived after all, it is the same job and not a second one.
    private readonly Guid id = Guid.NewGuid();
    private List<HostAnswer> hosts = [];
    private OperationReply? first;
    private string jobId = "";
    private bool merged;

    public override async Task<Result> NextAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (hosts.Count == 0)
            await AskTargetAsync(cancellationToken).ConfigureAwait(false);
        else
            await AskHostsAsync(cancellationToken).ConfigureAwait(false);
        return ToResult(time.GetElapsedTime(started));
    }

    public override bool CanRetry(RetryStrategy strategy) => hosts.Count == 0 || MarkResends(strategy);

    private async Task AskTargetAsync(CancellationToken cancellationToken)
    {
        try
        {
            first = await invoker.InvokeAsync(body.Operation, body.Request, body.Target, new() { JobId = id }, cancellationToken).ConfigureAwait(false);
            jobId = first.JobId;
            hosts = [.. first.Entries.Select(entry => new HostAnswer(entry.Readable(body.Operation.ResultInfo)))];
        }
        catch (ApiException exception) when (exception.Results.Count > 0)
        {
            jobId = exception.JobId ?? "";
            hosts = [.. exception.Results.Select(entry => new HostAnswer(entry) { Refusal = exception })];
        }
    }

    private async Task AskHostsAsync(CancellationToken cancellationToken)
    {
        merged = true;
        var answers = await Task.WhenAll(hosts.Select(host => host.Resend ? AskAgainAsync(host, cancellationToken) : Task.FromResult<HostAnswer[]>([host])))
            .ConfigureAwait(false);
        hosts = [.. answers.SelectMany(answer => answer)];
    }

    private async Task<HostAnswer[]> AskAgainAsync(HostAnswer host, CancellationToken cancellationToken)
    {
        // An entry without a host's name, such as an _any that nobody started, can only be asked for where it was asked before.
        var target = Target.Read(host.Entry.Hostname).Target ?? body.Target!;
        var again = host.PendingId ?? Guid.NewGuid();
        try
        {
            var reply = await invoker.InvokeAsync(body.Operation, body.Request, target, new() { JobId = again }, cancellationToken).ConfigureAwait(false);
            return Followed(host, reply.Entries, reply.JobId, refusal: null);
        }
        catch (ApiException exception) when (exception.Results.Count > 0)
        {
            return Followed(host, exception.Results, exception.JobId, exception);
        }
        catch (OsapiException exception)
        {
            return [host with { Entry = host.Entry with { Error = exception.Message }, Refusal = exception, PendingId = again, Resend = false }];
        }
    }

    // What the host changed before it failed stays changed.
    private HostAnswer[] Followed(HostAnswer before, IEnumerable<HostEntry> entries, string? jobId, OsapiException? refusal) =>
        [.. entries.Select(entry => new HostAnswer(entry.Readable(body.Operation.ResultInfo) with { Changed = entry.Changed || before.Entry.Changed }) { JobId = jobId, Refusal = refusal })];

    private bool MarkResends(RetryStrategy strategy)
    {
        var any = false;
        foreach (var host in hosts)
            any |= host.Resend = host.CanBeSentAgain(body.Operation.Idempotency, strategy);
        return any;
    }

    private Result ToResult(TimeSpan duration)
    {
        Result result = new()
        {
            JobId = jobId,
            JobDuration = duration,
            Changed = hosts.Any(host => host.Entry.IsChange),
            Data = first is null ? null : JsonObject.Create(first.Document),
            HostResults = [.. hosts.Select(host => host.ToHostResult())],
            HostError = hosts is [{ Refusal: { } refusal }] ? refusal : null,
        };
        try
        {
            // The bytes of the first answer no longer tell what the hosts said last.
            Answer answer = new(jobId, [.. hosts.Select(host => host.Entry)], merged ? null : first?.RawJson, first?.Document);
            return result with { Value = body.ValueOf?.Invoke(answer) };
        }
        catch (JsonException exception)
        {
            return result with { Error = exception };
        }
    }
}
