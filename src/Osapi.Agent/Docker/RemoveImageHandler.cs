using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="RemoveImage"/> on this host.</summary>
internal static class RemoveImageHandler
{
    public static async Task<ImageRemoveResult> HandleAsync(RemoveImage request, Host host, CancellationToken cancellationToken)
    {
        using var engine = await DockerEngine.OpenAsync(host, cancellationToken);
        var removed = await engine.ChangeAsync(client => client.Images.DeleteImageAsync(request.Image.Value, new() { Force = request.Force }, cancellationToken));
        return new()
        {
            Image = request.Image.Value,
            Untagged = [.. Of("Untagged")],
            Deleted = [.. Of("Deleted")],
            Changed = true,
        };

        IEnumerable<string> Of(string what) => removed.Where(item => item.ContainsKey(what)).Select(item => item[what]);
    }
}
