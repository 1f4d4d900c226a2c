using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Operations.Targets;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The handlers of the target operations: resolving a target without a call.</summary>
internal sealed class TargetHandlers(AgentRegistry agents, RosterReconciler roster)
{
    /// <summary>Returns the hosts of a target, or the reason that a call to it would be refused.</summary>
    public Task<ResolvedTarget> ResolveAsync(ResolveTarget request, HttpContext context)
    {
        var operation = Permit(request.Operation, context);
        if (operation.RunsOn != RunsOn.Host)
            return Task.FromResult<ResolvedTarget>(new() { Problem = $"{operation.Id} runs on the controller and has no target" });
        roster.RequireComplete();
        return Task.FromResult(TryParse(request.Target, out var target, out var problem) ? Resolve(target) : new() { Problem = problem });
    }

    // Operations of the controller, too: a plan asks before it runs.
    private static Operation Permit(string id, HttpContext context)
    {
        var catalog = OperationCatalog.Default;
        if (!catalog.TryFind(id, out var operation))
            throw new OperationException(ErrorType.Invalid, $"operation: '{id}' is unknown{(catalog.Near(id) is { } near ? $"; did you mean '{near}'?" : "")}");
        if (operation.Permission is { } permission && !Roles.Permit(context.User, permission))
            throw new BadHttpRequestException($"insufficient permissions: {permission} is required", StatusCodes.Status403Forbidden);
        return operation;
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out Target? target, [NotNullWhen(false)] out string? problem)
    {
        if (!text.Contains(',', StringComparison.Ordinal))
            return Target.TryParse(text, out target, out problem);
        (target, problem) = (null, null);
        try
        {
            target = Target.OfHosts(text.Split(','));
        }
        catch (FormatException exception)
        {
            problem = exception.Message;
        }

        return target is not null;
    }

    private ResolvedTarget Resolve(Target target)
    {
        var all = agents.All;
        var members = agents.Matching(target);
        var takers = target.Kind == TargetKind.Any ? [.. members.Where(agent => agent.TakesWork)] : members;
        var missing = target.Kind == TargetKind.Hosts ? TargetExplanation.OfMissing(target.Hostnames, members, all) : [];
        return missing.Count > 0 ? new() { Problem = string.Join("; ", missing) }
            : members.Count == 0 ? new() { Problem = TargetExplanation.Of(target, all) }
            : takers.Count == 0 ? new() { Problem = TargetExplanation.OfDrained(members) }
            : new() { Hosts = [.. takers.Select(Host)] };
    }

    private ResolvedHost Host(AgentInfo agent) => new(
        agent.Hostname, !agent.TakesWork, agents.IsReachable(agent), agents.HeartbeatAgeOf(agent) is { } age ? Math.Round(age.TotalSeconds, 3) : null);
}
