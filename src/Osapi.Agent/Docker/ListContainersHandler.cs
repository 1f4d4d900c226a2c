using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="ListContainers"/> on this host.</summary>
internal static class ListContainersHandler
{
    private const int DefaultLimit = 20;

    private static readonly string[] Running = ["running", "paused", "restarting"];

    public static async Task<ContainerList> HandleAsync(ListContainers request, Host host, CancellationToken cancellationToken)
    {
        using var engine = await DockerEngine.OpenAsync(host, cancellationToken);
        // List all and filter here, because engines support different state filters.
        var all = await engine.QueryAsync(client => client.Containers.ListContainersAsync(new() { All = true }, cancellationToken));
        var wanted = all.Where(container => request.State switch
        {
            ContainerState.Running => Running.Contains(container.State),
            ContainerState.Stopped => !Running.Contains(container.State),
            _ => true,
        }).OrderByDescending(container => container.Created).ToList();
        return new()
        {
            Total = wanted.Count,
            Containers = [.. wanted.Take(request.Limit ?? DefaultLimit).Select(container => new ContainerSummary
            {
                Id = container.ID,
                // A linked container also has a name for each link.
                Name = container.Names?.Select(ContainerMapping.Name).FirstOrDefault(name => !name.Contains('/', StringComparison.Ordinal)) ?? "",
                Image = container.Image,
                State = container.State,
                Created = ContainerMapping.Time(container.Created),
            })],
        };
    }
}
