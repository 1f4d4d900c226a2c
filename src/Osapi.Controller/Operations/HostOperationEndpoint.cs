using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Osapi.Controller.Audit;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Limits;
using Osapi.Controller.Problems;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>The endpoint of every operation that runs on hosts: bind, submit, wait, respond.</summary>
internal sealed class HostOperationEndpoint(
    RequestMembers members, JobSubmission submission, JobWait wait, JobCancellation cancellation, AuditRecorder audit, IHostApplicationLifetime lifetime)
{
    public async Task HandleAsync(HttpContext context, Operation operation)
    {
        List<Problem> problems = [];
        if (!Target.TryParse(PathMembers.Of(context.Request, HttpRoute.TargetMember), out var target, out var targetProblem))
            problems.Add(new("", targetProblem));
        var call = CallParameters.Read(context.Request, problems);
        var binding = await members.BindAsync(context.Request, operation, problems);
        if (problems.Count > 0)
        {
            await ProblemBody.WriteAsync(context, problems);
            return;
        }

        await AnswerAsync(
            context,
            new()
            {
                Id = call.JobId,
                HasNewId = call.HasNewId,
                Operation = operation,
                Request = binding.Json,
                Target = target!,
                Check = call.Check,
                FileContent = call.Check && context.MaySeeFileContent(),
                StartWithin = call.StartWithin,
                Timeout = operation.TimeoutOf(binding.Value!),
                Caller = context.User.FindFirst("sub")?.Value,
                Limit = CallerIdentity.Of(context)?.Targets,
            },
            call.RespondAsync,
            call.CancelOnDisconnect);
    }

    /// <summary>Submits a job, waits for it, and writes the response.</summary>
    /// <param name="context">The request.</param>
    /// <param name="request">The job.</param>
    /// <param name="respondAsync">True to respond as soon as the job is accepted.</param>
    /// <param name="cancelOnDisconnect">True to cancel the job when the caller disconnects before the response.</param>
    public Task AnswerAsync(HttpContext context, JobRequest request, bool respondAsync, bool cancelOnDisconnect) =>
        // The request, which may be large, is not kept while the job runs.
        AnswerAsync(context, SubmitAsync(context, request), request.Operation, request.Target.IsBroadcast, respondAsync, cancelOnDisconnect);

    private async Task<ActiveJob> SubmitAsync(HttpContext context, JobRequest request)
    {
        await audit.BeginAsync(context, request.Operation, request.Target, request.Request, request.Id, request.Run, request.Check);
        return await submission.SubmitAsync(request, CancellationToken.None);
    }

    private async Task AnswerAsync(HttpContext context, Task<ActiveJob> accepted, Operation operation, bool isBroadcast, bool respondAsync, bool cancelOnDisconnect)
    {
        // From here on the job exists: a disconnected caller finds it under its id.
        var job = await accepted;
        context.Response.Headers.Location = $"/job/{job.Record.Id}";
        if (respondAsync)
        {
            context.Response.Headers["Preference-Applied"] = "respond-async";
            await WriteAsync(context, operation, StatusCodes.Status202Accepted, job.Record.Id, (await wait.SnapshotAsync(job, context)).VisibleTo(context));
            return;
        }

        var entries = (await WaitAsync(context, job, cancelOnDisconnect)).VisibleTo(context);
        AuditRecorder.Note(context, entries);
        if (!isBroadcast && entries is [{ Result: null, Outcome: Outcome.Failed or Outcome.Cancelled or Outcome.Expired or Outcome.Unknown } failed])
            await ProblemBody.WriteAsync(context, ProblemBody.StatusOf(failed.ErrorType), failed.Error ?? "it failed", job: new(job.Record.Id, (operation, entries)));
        else
            await WriteAsync(context, operation, operation.SuccessStatus, job.Record.Id, entries);
    }

    private async Task<IReadOnlyList<HostReply>> WaitAsync(HttpContext context, ActiveJob job, bool cancelOnDisconnect)
    {
        try
        {
            return await wait.AnswerAsync(job, context);
        }
        catch (LimitException refusal)
        {
            refusal.JobId = job.Record.Id;
            throw;
        }
        // When this controller stops, the caller can get the response from another one.
        catch (OperationCanceledException) when (cancelOnDisconnect && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await cancellation.CancelAsync(job, CancellationToken.None);
            throw;
        }
    }

    private static Task WriteAsync(HttpContext context, Operation operation, int status, JobId jobId, IReadOnlyList<HostReply> entries)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        // The request counts until its caller has read the response, except the last bytes.
        return ResponseBuffer.WriteAsync(context, writer => HostResponseWriter.Write(writer, operation, jobId, entries));
    }
}
