using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Runs;

/// <summary>The jobs that runs call.</summary>
internal sealed class RunCalls(RunJournals journals, RunRetention retention)
{
    /// <summary>Refuses a job of a run that is not the caller's, or is over: nobody would wait for it.</summary>
    public async Task RequireOwnAsync(RunId id, HttpContext context)
    {
        if (!Roles.Permit(context.User, Permissions.RunWrite))
            throw new BadHttpRequestException($"insufficient permissions: {Permissions.RunWrite} is required for a job of a run", StatusCodes.Status403Forbidden);
        var run = await journals.GetRecentAsync(id, context.RequestAborted);
        if (run.Head.Caller != context.User.FindFirst("sub")?.Value)
            throw RunConflict.NotCaller(run);
        if (run.IsOver)
            throw RunConflict.Replaced(run);
    }

    /// <summary>Refuses to delete a job of a run that goes on.</summary>
    public void RequireNotKept(JobRecord job)
    {
        if (job.Run is { } run && retention.KeepsJobsOf(run))
            throw new OperationException(ErrorType.Conflict, $"job {job.Id} belongs to run {run}, which has not ended");
    }
}
