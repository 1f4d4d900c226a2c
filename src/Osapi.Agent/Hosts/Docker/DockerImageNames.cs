using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>Applies the limits for images to the images that an engine has.</summary>
internal static class DockerImageNames
{
    /// <summary>Requires that the agent's configuration allows an image, by each of its names on the host.</summary>
    /// <exception cref="OperationException">It is denied.</exception>
    public static async Task RequireImageAllowedAsync(this DockerEngine engine, Host host, string image, CancellationToken cancellationToken)
    {
        if (host.LimitsImages())
            host.RequireImageAllowed(image, [image, .. await NamesAsync(engine, image, cancellationToken)]);
    }

    /// <summary>Requires that the agent's configuration allows the image of a container.</summary>
    /// <exception cref="OperationException">It is denied, or there is no such container.</exception>
    public static async Task RequireContainerAllowedAsync(this DockerEngine engine, Host host, string container, CancellationToken cancellationToken)
    {
        if (!host.LimitsImages())
            return;
        var found = await engine.FindAsync(container, cancellationToken);
        var name = found.Config?.Image ?? found.Image;
        host.RequireImageAllowed(name, [name, .. await NamesAsync(engine, found.Image, cancellationToken)]);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(DockerEngine engine, string image, CancellationToken cancellationToken)
    {
        try
        {
            var found = await engine.QueryAsync(client => client.Images.InspectImageAsync(image, cancellationToken));
            return [.. found.RepoTags ?? [], .. found.RepoDigests ?? []];
        }
        catch (OperationException missing) when (missing.Type == ErrorType.NotFound)
        {
            return [];
        }
    }
}
