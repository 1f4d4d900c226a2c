using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>Runs <see cref="GetMemory"/> on this host.</summary>
internal static class GetMemoryHandler
{
    public static Task<MemoryResult> HandleAsync(GetMemory request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(new MemoryResult(host.ReadMemory()));
}
