using Microsoft.AspNetCore.Http;
using Osapi.Controller.Audit;
using Osapi.Controller.Auth;
using Osapi.Controller.Limits;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Controller.Runs;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Jobs;

/// <summary>The endpoint that calls any operation on hosts, under an id that the caller chose. Clients use it for every call of hosts.</summary>
internal sealed class SubmissionEndpoint(RequestBodies bodies, RequestMembers members, HostOperationEndpoint calls, RunCalls runs, ControllerOptions options)
{
    // A request may have its maximum size here, too. A long list of hosts counts.
    private const int MaxOtherMembers = 4 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        List<Problem> problems = [];
        if (!JobId.TryParse(PathMembers.Of(context.Request, "id"), out var id) || id.IsEmpty)
            problems.Add(new("id", "must be " + JobIdConverter.JobIdRule.Description));
        problems.AddRange(context.Request.Query.Keys.Select(name => new Problem(name, "is unknown in the query: a job takes its members from the body")));
        RequestMembers.RequireJson(context.Request);
        var (body, binding) = await bodies.ReadAsync(context.Request, options.MaxRequestBytes + MaxOtherMembers, bytes => Read(context, bytes));
        problems.AddRange(body.Problems);
        if (binding is not null)
            problems.AddRange(binding.Problems);
        var target = body.Job is null ? null : body.ReadTarget(problems);
        if (problems.Count > 0)
        {
            await ProblemBody.WriteAsync(context, problems);
            return;
        }

        var (operation, job) = (body.Operation!, body.Job!);
        var check = job.Check ?? false;
        if (job.Run is { } run)
            await runs.RequireOwnAsync(run, context);
        await calls.AnswerAsync(
            context,
            new()
            {
                Id = id,
                Operation = operation,
                Request = binding!.Json,
                Target = target!,
                Check = check,
                FileContent = check && context.MaySeeFileContent(),
                StartWithin = job.StartWithin is { } seconds ? TimeSpan.FromSeconds(seconds) : CallParameters.DefaultStartWithin,
                Timeout = operation.TimeoutOf(binding.Value!),
                Caller = context.User.FindFirst("sub")?.Value,
                Limit = CallerIdentity.Of(context)?.Targets,
                Run = job.Run,
                Task = job.Task,
            },
            CallParameters.ReadRespondAsync(context.Request),
            job.CancelOnDisconnect ?? false);
    }

    private (SubmissionBody Body, Binding? Binding) Read(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        var body = SubmissionBody.Parse(bytes);
        if (body.Operation is not { } operation)
            return (body, null);
        context.Features.Get<AuditedRequest>()?.Note(operation);
        // A caller without the permission of the operation does not learn about other problems.
        if (operation.Permission is { } permission && !Roles.Permit(context.User, permission))
            throw new BadHttpRequestException($"insufficient permissions: {permission} is required", StatusCodes.Status403Forbidden);
        TokenLimits.Require(context, operation);
        if (members.MaxBytesOf(operation) is var max && body.Request.Length > max)
            throw new BadHttpRequestException($"the request of {operation.Id} is too large: {body.Request.Length} bytes, at most {max}", StatusCodes.Status413PayloadTooLarge);
        return (body, body.BindRequest());
    }
}
