using Osapi.Client;
using Osapi.Operations;
using Osapi.Plans;

namespace Osapi.Cli.Plans;

/// <summary>The hosts of <c>--limit</c>.</summary>
internal static class TargetLimit
{
    /// <summary>Returns the names of the hosts; empty when no task runs on hosts.</summary>
    /// <exception cref="CommandException">There are none.</exception>
    public static async Task<IReadOnlySet<string>> ResolveAsync(OsapiClient client, Target limit, IEnumerable<PlanFileTask> tasks, CancellationToken cancellationToken)
    {
        if (tasks.FirstOrDefault(task => task.Target is not null) is not { } any)
            return new HashSet<string>();
        var resolved = await client.Target.ResolveAsync(limit.Text, any.Operation.Id, cancellationToken: cancellationToken);
        return resolved.Problem is null
            ? resolved.Hosts.Select(host => host.Hostname).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : throw CommandException.BadInput([$"--limit: {resolved.Problem}"]);
    }
}
