using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Tokens;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Auth;

/// <summary>The limits of a token: the operations and the targets that it names. They concern what acts and what runs on hosts; what a caller sees is decided by permissions only.</summary>
internal static class TokenLimits
{
    /// <summary>Describes why an operation is beyond the limits of a caller; null when it is within them.</summary>
    public static string? RefusalOf(CallerIdentity? caller, Operation operation)
    {
        if (caller is null || (operation.RunsOn == RunsOn.Controller && operation.Route.Method == HttpMethods.Get))
            return null;
        if (caller.Operations is { } allowed && !allowed.Any(pattern => Matches(pattern, operation.Id)))
            return $"the token is limited to the operations {Join(allowed)}: {operation.Id} is not one of them";
        // They concern no host, or every one.
        return caller.Targets is { } targets && (operation.Family == TokenOperations.Revoke.Family || operation == AgentOperations.CreateJoinToken)
            ? $"the token is limited to the targets {Join(targets.Select(target => target.Text))}: {operation.Id} is not limited to them"
            : null;
    }

    /// <exception cref="BadHttpRequestException">The operation is beyond the limits of the caller.</exception>
    public static void Require(HttpContext context, Operation operation)
    {
        if (RefusalOf(CallerIdentity.Of(context), operation) is { } refusal)
            throw new BadHttpRequestException(refusal, StatusCodes.Status403Forbidden);
    }

    /// <summary>Checks that a caller may act on hosts.</summary>
    /// <param name="limit">The targets that the caller is limited to; null for no limit.</param>
    /// <param name="isAny">True for a job that any host may take, those that are not registered yet included.</param>
    /// <param name="hosts">The hosts with their labels.</param>
    /// <exception cref="BadHttpRequestException">A host is beyond the limits.</exception>
    public static void RequireHosts(IReadOnlyList<Target>? limit, bool isAny, IEnumerable<(string Name, IReadOnlyDictionary<string, string> Labels)> hosts)
    {
        if (limit is null)
            return;
        var outside = isAny && !limit.Any(target => target.Kind is TargetKind.Any or TargetKind.All) ? "_any"
            : hosts.FirstOrDefault(host => !limit.Any(target => target.Includes(host.Name, host.Labels))).Name;
        if (outside is not null)
            throw new BadHttpRequestException($"the token is limited to the targets {Join(limit.Select(target => target.Text))}: {outside} is not among them", StatusCodes.Status403Forbidden);
    }

    /// <summary>Checks that a caller may act on a job that exists.</summary>
    /// <exception cref="BadHttpRequestException">A host of the job is beyond the limits.</exception>
    public static void RequireJob(HttpContext context, JobRecord job, Func<string, AgentInfo?> find) => RequireHosts(
        CallerIdentity.Of(context)?.Targets,
        job.AnyHost,
        job.ExpectedHosts.Select(host => (host, find(host)?.Labels ?? new Dictionary<string, string>())));

    private static bool Matches(string pattern, string id) =>
        pattern.EndsWith('*') ? id.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == id;

    private static string Join(IEnumerable<string> texts) => texts.ToList() is { Count: > 0 } list ? string.Join(", ", list) : "none";
}
