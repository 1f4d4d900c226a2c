using Osapi.Agent.Files.Edits;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="UpdateLine"/> on this host.</summary>
internal static class UpdateLineHandler
{
    public static Task<ChangePlan<EditResult>> HandleAsync(UpdateLine request, Host host, CancellationToken cancellationToken) =>
        EditedFile.PlanAsync(request, host, text => LineEditing.Of(request, text), cancellationToken);
}
