using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>The access to the request and the results of a job: for its caller, and for callers with the permission of its operation. Others see that it ran, and how it ended.</summary>
internal static class JobAccess
{
    /// <summary>True when the caller may see the request and the results of a job.</summary>
    public static bool MaySeeContent(this HttpContext context, JobRecord job)
    {
        if (job.Caller is { } caller && context.User.FindFirst("sub")?.Value == caller)
            return true;
        // An operation that this version does not know, or of which the permission is not known, is for those who may do everything.
        var permission = OperationCatalog.Default.TryFind(job.Operation, out var operation) ? operation.Permission : null;
        return permission is null ? Permissions.All.All(each => Roles.Permit(context.User, each)) : Roles.Permit(context.User, permission);
    }
}
