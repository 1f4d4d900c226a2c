using System.Globalization;
using Docker.DotNet.Models;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>A request for a container in the engine's own terms.</summary>
internal static class ContainerParameters
{
    // What is null here is left out, although the package's types do not say so.
    public static CreateContainerParameters Of(CreateContainer request) => new()
    {
        Image = request.Image.Value,
        Name = request.Name?.Value!,
        Hostname = request.ContainerHostname!,
        Cmd = request.Command is { } command ? [.. command] : null!,
        Env = [.. request.Env.Select(variable => variable.Value)],
        Labels = request.Labels.ToDictionary(),
        ExposedPorts = request.Ports.Select(Port).Distinct().ToDictionary(port => port, _ => default(EmptyStruct)),
        HostConfig = new()
        {
            NetworkMode = request.Network?.Value!,
            Memory = request.Memory?.Bytes ?? 0,
            NanoCPUs = (long)Math.Round((request.Cpus ?? 0) * 1_000_000_000),
            DNS = [.. request.Dns.Select(server => server.Value)],
            RestartPolicy = request.Restart is { } restart ? new() { Name = Kind(restart), MaximumRetryCount = restart.Count } : null!,
            PortBindings = request.Ports.GroupBy(Port).ToDictionary(group => group.Key, group => (IList<PortBinding>)[.. group.Select(Binding)]),
            Mounts = [.. request.Volumes.Where(volume => volume.Label is null).Select(Mount)],
            Binds = [.. request.Volumes.Where(volume => volume.Label is not null).Select(volume => volume.Value)],
        },
    };

    private static string Port(PortMapping mapping) => string.Create(CultureInfo.InvariantCulture, $"{mapping.ContainerPort}/{mapping.Protocol}");

    private static PortBinding Binding(PortMapping mapping) =>
        new() { HostIP = mapping.HostAddress ?? "", HostPort = mapping.HostPort.ToString(CultureInfo.InvariantCulture) };

    // As a mount, a path of the host that does not exist is an error; as a "bind" the engine would make a directory of that name.
    // Only binds can be labelled, though; before them somebody else looks whether there is such a path.
    private static Mount Mount(VolumeMapping volume) => new()
    {
        Type = volume.IsPath ? "bind" : "volume",
        Source = volume.Source,
        Target = volume.Path,
        ReadOnly = volume.IsReadOnly,
        BindOptions = volume.Propagation is { } propagation ? new() { Propagation = propagation } : null!,
        VolumeOptions = volume.IsNoCopy ? new() { NoCopy = true } : null!,
    };

    private static RestartPolicyKind Kind(Osapi.Operations.Docker.RestartPolicy policy) => policy.Name switch
    {
        "always" => RestartPolicyKind.Always,
        "unless-stopped" => RestartPolicyKind.UnlessStopped,
        "on-failure" => RestartPolicyKind.OnFailure,
        _ => RestartPolicyKind.No,
    };
}
