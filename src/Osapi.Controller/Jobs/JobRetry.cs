using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Retries jobs.</summary>
internal sealed class JobRetry(JobLookup lookup, JobSubmission submission, LargeRequests requests)
{
    public async Task<JobCreated> RetryAsync(RetryJob request, HttpContext context)
    {
        var (first, retry) = await ReadAsync(request, context);
        var job = await submission.SubmitAsync(retry, CancellationToken.None);
        context.Response.Headers.Location = $"/job/{job.Record.Id}";
        return new()
        {
            JobId = job.Record.Id,
            Revision = (await lookup.FindAsync(job.Record.Id, context.RequestAborted)).Sequence,
            Timestamp = job.Record.Created,
            RetryOf = first.Record.Id,
        };
    }

    /// <summary>Validates a retry; its changes cannot be predicted.</summary>
    public async Task<CheckResult> CheckRetryAsync(RetryJob request, HttpContext context)
    {
        await ReadAsync(request, context);
        return new();
    }

    private async Task<(IndexedJob First, JobRequest Retry)> ReadAsync(RetryJob request, HttpContext context)
    {
        var first = await lookup.FindAsync(request.Id, context.RequestAborted);
        if (!JobStatusRules.IsFinished(first.Record, first.States))
            throw new OperationException(ErrorType.Conflict, $"job {request.Id} has not ended; cancel it first, or wait");
        if (first.Record.SecretsCode is not null)
            throw new OperationException(ErrorType.Conflict, $"job {request.Id} had secrets, which are removed when a job is over: call {first.Record.Operation} again");
        if (await requests.FindAsync(first.Record, context) is not { } recorded)
            throw new OperationException(ErrorType.Conflict, $"the request of job {request.Id} is not in the store any more: call {first.Record.Operation} again");
        List<Problem> problems = [];
        var retry = CreateRetry(first.Record, recorded, request.TargetHostname, context, problems);
        return problems.Count > 0 ? throw new OperationException(ErrorType.Invalid, string.Join("; ", problems)) : (first, retry!);
    }

    // The operation's contract may have changed since the job was accepted, so its request is bound again.
    private static JobRequest? CreateRetry(JobRecord first, ReadOnlyMemory<byte> request, string? targetHostname, HttpContext context, List<Problem> problems)
    {
        if (!OperationCatalog.Default.TryFind(first.Operation, out var operation))
        {
            problems.Add(new("", $"this controller does not know the operation {first.Operation}"));
            return null;
        }

        // Permission to retry jobs does not include the permissions of the jobs' operations.
        if (operation.Permission is { } permission && !Roles.Permit(context.User, permission))
            throw new BadHttpRequestException($"insufficient permissions: {permission} is required to retry {operation.Id}", StatusCodes.Status403Forbidden);
        TokenLimits.Require(context, operation);
        Target? target = null;
        if (targetHostname is null && first.Target == JobRecord.HostList)
            target = Target.OfHosts(first.ExpectedHosts);
        else if (!Target.TryParse(targetHostname ?? first.Target, out target, out var targetProblem))
            problems.Add(new("", targetProblem));
        var id = CallParameters.ReadJobId(context.Request, problems);
        var binding = RequestBinder.Bind(operation.RequestInfo, request);
        problems.AddRange(binding.Problems);
        return problems.Count > 0 ? null : new()
        {
            Id = id,
            Operation = operation,
            Request = request,
            Target = target!,
            Check = first.Check,
            // The caller of the retry sees only what that caller may see, whatever the first caller might.
            FileContent = first.Check && context.MaySeeFileContent(),
            StartWithin = TimeSpan.FromSeconds(first.StartWithin),
            Timeout = operation.TimeoutOf(binding.Value!),
            Caller = context.User.FindFirst("sub")?.Value,
            Limit = CallerIdentity.Of(context)?.Targets,
            RetryOf = first.Id,
        };
    }
}
