using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Facts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>Runs <see cref="GetOs"/> on this host.</summary>
internal static class GetOsHandler
{
    public static Task<OsInfoResult> HandleAsync(GetOs request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(new OsInfoResult(host.ReadOs()));
}
