using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<Answer<DiskResult>> DiskAsync(GetDisk request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult<Answer<DiskResult>>(new DiskResult(host.ReadDisks()));
}
