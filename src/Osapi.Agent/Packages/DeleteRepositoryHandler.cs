using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="DeleteRepository"/> on this host.</summary>
internal static class DeleteRepositoryHandler
{
    public static Task<ChangePlan<RepositoryResult>> HandleAsync(DeleteRepository request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(UpdateRepositoryHandler.Plan(host, request.Name.Value, new(null, null), static _ => Task.FromResult(false)));
}
