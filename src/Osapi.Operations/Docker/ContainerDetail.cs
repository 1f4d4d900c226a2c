namespace Osapi.Operations.Docker;

/// <summary>The configuration and state of a container.</summary>
public sealed record ContainerDetail
{
    /// <summary>The id of the container, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the container.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The image as it was named when the container was created.</summary>
    public string Image { get => field ?? ""; init; }

    /// <summary>The id of the image.</summary>
    public string? ImageId { get; init; }

    /// <summary>The state: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string State { get => field ?? "unknown"; init; }

    /// <summary>The exit code of the program; null while it has not ended.</summary>
    public long? ExitCode { get; init; }

    /// <summary>The creation time.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The time of the last start; null when the container was never started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The number of restarts by the engine.</summary>
    public long RestartCount { get; init; }

    /// <summary>The program and its arguments.</summary>
    public IReadOnlyList<string> Command { get => field ?? []; init; }

    /// <summary>The environment variables, including those of the image.</summary>
    public IReadOnlyList<string> Env { get => field ?? []; init; }

    /// <summary>The published ports, in the format of the create request; the actual ports while the container runs.</summary>
    public IReadOnlyList<string> Ports { get => field ?? []; init; }

    /// <summary>The mounted host paths and volumes, in the format of the create request.</summary>
    public IReadOnlyList<string> Mounts { get => field ?? []; init; }

    /// <summary>The labels, including those of the image.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The host name inside the container.</summary>
    public string? ContainerHostname { get; init; }

    /// <summary>The addresses of the container's DNS servers.</summary>
    public IReadOnlyList<string> Dns { get => field ?? []; init; }

    /// <summary>The restart policy, in the format of the create request.</summary>
    public string? Restart { get; init; }

    /// <summary>The memory limit in bytes; null without a limit.</summary>
    public long? Memory { get; init; }

    /// <summary>The CPU limit in processors; null without a limit.</summary>
    public double? Cpus { get; init; }

    /// <summary>The network settings.</summary>
    public ContainerNetwork? NetworkSettings { get; init; }

    /// <summary>The health, such as <c>healthy</c>; null when the container has no health check.</summary>
    public string? Health { get; init; }
}

/// <summary>The network settings of a container.</summary>
public sealed record ContainerNetwork
{
    /// <summary>The network that the container was created in.</summary>
    public string Network { get => field ?? ""; init; }

    /// <summary>The IP address in this network; null when there is none, as in the host's network.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The address of the gateway in this network.</summary>
    public string? Gateway { get; init; }
}
