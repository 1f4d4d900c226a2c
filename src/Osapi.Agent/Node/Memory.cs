using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<Answer<MemoryResult>> MemoryAsync(GetMemory request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult<Answer<MemoryResult>>(new MemoryResult(host.ReadMemory()));
}
