using Osapi.Agent.Files.Edits;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="ReplaceText"/> on this host.</summary>
internal static class ReplaceTextHandler
{
    public static Task<ChangePlan<EditResult>> HandleAsync(ReplaceText request, Host host, CancellationToken cancellationToken) =>
        EditedFile.PlanAsync(request, host, text => ReplaceEditing.Of(request, text), cancellationToken);
}
