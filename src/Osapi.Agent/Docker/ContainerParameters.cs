using System.Globalization;
using Docker.DotNet.Models;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Converts a request for a container into the engine's parameters.</summary>
internal static class ContainerParameters
{
    // Null values are left out, although the package's types do not allow null.
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

    // With a mount, a missing host path is an error; with a bind, the engine would create a directory. But only binds
    // can be labelled, so the paths of binds are checked beforehand.
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
