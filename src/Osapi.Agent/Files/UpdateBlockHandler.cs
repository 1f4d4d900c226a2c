using Osapi.Agent.Files.Edits;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="UpdateBlock"/> on this host.</summary>
internal static class UpdateBlockHandler
{
    public static Task<ChangePlan<EditResult>> HandleAsync(UpdateBlock request, Host host, CancellationToken cancellationToken) =>
        EditedFile.PlanAsync(request, host, text => BlockEditing.Of(request, text), cancellationToken);
}
