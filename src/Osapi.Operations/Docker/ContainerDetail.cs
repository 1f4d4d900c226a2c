namespace Osapi.Operations.Docker;

/// <summary>What a container is and how it is doing.</summary>
public sealed record ContainerDetail
{
    /// <summary>Its id, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The image as it was asked for when it was created.</summary>
    public string Image { get => field ?? ""; init; }

    /// <summary>The id of the image.</summary>
    public string? ImageId { get; init; }

    /// <summary>Its state: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string State { get => field ?? "unknown"; init; }

    /// <summary>The exit code of its program; null while it has not ended.</summary>
    public long? ExitCode { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was started last; null when it never was.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How often the engine has started it again.</summary>
    public long RestartCount { get; init; }

    /// <summary>The program that it runs, and its arguments.</summary>
    public IReadOnlyList<string> Command { get => field ?? []; init; }

    /// <summary>Its environment variables, those of the image included.</summary>
    public IReadOnlyList<string> Env { get => field ?? []; init; }

    /// <summary>Ports that the host offers, as they are written to create it; the real ones while it runs.</summary>
    public IReadOnlyList<string> Ports { get => field ?? []; init; }

    /// <summary>Paths of the host and volumes that it sees, as they are written to create it.</summary>
    public IReadOnlyList<string> Mounts { get => field ?? []; init; }

    /// <summary>Its labels, those of the image included.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The host name that it sees.</summary>
    public string? ContainerHostname { get; init; }

    /// <summary>The addresses of its own DNS servers.</summary>
    public IReadOnlyList<string> Dns { get => field ?? []; init; }

    /// <summary>When it is started again after it has ended, as it is written to create it.</summary>
    public string? Restart { get; init; }

    /// <summary>The most memory it may have, in bytes; null without a limit.</summary>
    public long? Memory { get; init; }

    /// <summary>How many processors' time it may use; null without a limit.</summary>
    public double? Cpus { get; init; }

    /// <summary>Where it is on the network.</summary>
    public ContainerNetwork? NetworkSettings { get; init; }

    /// <summary>Its health, such as <c>healthy</c>; null when it has no check of that.</summary>
    public string? Health { get; init; }
}

/// <summary>Where a container is on the network.</summary>
public sealed record ContainerNetwork
{
    /// <summary>The network that it was created in.</summary>
    public string Network { get => field ?? ""; init; }

    /// <summary>Its address there; null when it has none, as in the network of its host.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The address of the gateway there.</summary>
    public string? Gateway { get; init; }
}
