using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<LoadResult> LoadAsync(GetLoad request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(new LoadResult(host.ReadLoad()));
}
