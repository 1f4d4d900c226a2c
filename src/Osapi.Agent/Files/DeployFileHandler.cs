using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="DeployFile"/> on this host.</summary>
internal static class DeployFileHandler
{
    public static async Task<ChangePlan<DeployResult>> HandleAsync(DeployFile request, Host host, CancellationToken cancellationToken)
    {
        var owner = DesiredOwner.Find(request.Owner, request.Group);
        ContentValidation.RequireAllowed(request.Validate, host);
        var content = await FileContent.ReadAsync(request, host, cancellationToken);
        Deployment deployment = new(host, request, content, owner);
        var found = await deployment.InspectAsync(cancellationToken);
        if (request.OnlyIfMissing == true && found is not null)
            return new() { Changes = false, Apply = _ => Task.FromResult<HandlerResult<DeployResult>>(deployment.Left(found)) };
        var changes = deployment.Differences(found).Count > 0;
        if (deployment.IsContentDifferent(found))
            ContentValidation.ValidateInMemory(request.Path, request.Validate, content.Version);
        var difference = deployment.IsContentDifferent(found)
            ? FileDifference.Of(host, request.Path.Value, found?.Version, content.Version, deployment.IsPublic(found), hasSecrets: request.SecretVars?.Count > 0)
            : default;
        return new()
        {
            Changes = changes,
            Diff = difference.Shown,
            ContentDiff = difference.Content,
            Before = changes && found is not null ? FileAttributesView.Of(found) : null,
            After = changes ? deployment.SettingsAfter(found) : null,
            Apply = async stop => request.CheckContent is null
                ? await deployment.ApplyAsync(found, stop)
                : throw new OperationException(ErrorType.Invalid, "check_content is for a check only: store the file with file.upload, and deploy it"),
        };
    }
}
