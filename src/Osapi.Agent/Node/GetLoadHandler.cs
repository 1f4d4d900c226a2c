using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>Runs <see cref="GetLoad"/> on this host.</summary>
internal static class GetLoadHandler
{
    public static Task<LoadResult> HandleAsync(GetLoad request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(new LoadResult(host.ReadLoad()));
}
