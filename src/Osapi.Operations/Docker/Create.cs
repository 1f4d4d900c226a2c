using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Operations.Docker;

/// <summary>Creates a container from an image that is on the host, and starts it. One that does not start is removed again.</summary>
/// <remarks>It never pulls: a missing image is a 404, a name that is taken a 409.</remarks>
public sealed record CreateContainer : IValidatable
{
    /// <summary>The image.</summary>
    public required ImageName Image { get; init; }

    /// <summary>Its name; the engine makes one up when not given.</summary>
    public ContainerName? Name { get; init; }

    /// <summary>The program and its arguments, each passed as it is; those of the image when not given.</summary>
    [Length(1, 10_000), NoNul]
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Environment variables as <c>NAME=value</c>, on top of those of the image.</summary>
    public IReadOnlyList<EnvVariable> Env { get => field ?? []; init; }

    /// <summary>Ports that the host offers, as <c>[ADDRESS:]HOST:CONTAINER[/PROTOCOL]</c>.</summary>
    public IReadOnlyList<PortMapping> Ports { get => field ?? []; init; }

    /// <summary>Paths of the host and volumes that it sees, as <c>SOURCE:/PATH[:OPTION,...]</c>.</summary>
    public IReadOnlyList<VolumeMapping> Volumes { get => field ?? []; init; }

    /// <summary>The host name that it sees; the beginning of its id when not given.</summary>
    [Length(1, 63), NoNul]
    public string? ContainerHostname { get; init; }

    /// <summary>The addresses of its DNS servers; the engine's settings when not given.</summary>
    public IReadOnlyList<DnsServer> Dns { get => field ?? []; init; }

    /// <summary>When it is started again after it has ended: <c>no</c>, <c>always</c>, <c>unless-stopped</c>, <c>on-failure</c> or <c>on-failure:COUNT</c>; no when not given.</summary>
    public RestartPolicy? Restart { get; init; }

    /// <summary>The most memory it may have, such as <c>256m</c>; all there is when not given.</summary>
    public MemorySize? Memory { get; init; }

    /// <summary>How many processors' time it may use, such as 1.5; all when not given.</summary>
    [Range(0.01, 4096)]
    public double? Cpus { get; init; }

    /// <summary>Its labels.</summary>
    [NoNul]
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>Its network: <c>bridge</c>, <c>host</c>, <c>none</c>, the name of one, or <c>container:NAME</c>; the engine's default when not given.</summary>
    public NetworkName? Network { get; init; }

    /// <summary>True to start it; true when not given.</summary>
    public bool? AutoStart { get; init; }

    /// <summary>True to leave a container that does not start where it is, to look at it; false when not given.</summary>
    public bool? KeepFailed { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Problem> Validate()
    {
        if (Command is ["", ..])
            yield return new("command", "must begin with a program");
        foreach (var port in Twice(Ports.Where(port => port.HostPort > 0), port => $"{port.HostAddress ?? "0.0.0.0"}:{port.HostPort}/{port.Protocol}"))
            yield return new("ports", $"must not offer {port} twice");
        foreach (var path in Twice(Volumes, volume => volume.Path))
            yield return new("volumes", $"must not put two things at {path}");
        foreach (var name in Twice(Env, variable => variable.Value.Split('=')[0]))
            yield return new("env", $"must not set {name} twice");
        if (Labels.ContainsKey(""))
            yield return new("labels", "must have names that are not empty");
    }

    private static IEnumerable<string> Twice<T>(IEnumerable<T> items, Func<T, string> key) =>
        items.GroupBy(key, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="CreateContainer"/>
    public static Operation<CreateContainer, CreatedContainer> Create { get; } = new("docker.create.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/container/docker"),
        Permission = Permissions.DockerWrite,
        Request = DockerJson.Requests.CreateContainer,
        Result = DockerJson.Results.CreatedContainer,
        Timeout = static _ => TimeSpan.FromMinutes(2),
        Example = static () => (
            new()
            {
                Image = DockerExamples.Image,
                Name = "web",
                Env = ["LOG_LEVEL=info"],
                Ports = ["8080:80", "127.0.0.1:9000:9000/tcp"],
                Volumes = ["/srv/web:/usr/share/web:ro"],
                Restart = "unless-stopped",
                Memory = "256m",
                Cpus = 1.5,
                Labels = new Dictionary<string, string> { ["team"] = "web" },
            },
            new() { Id = DockerExamples.Id, Name = "web", Image = DockerExamples.Image, State = "running", Created = DockerExamples.Created, Changed = true }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="CreateContainer"/>
    public Task<JobReply<CreatedContainer>> CreateAsync(Target target, CreateContainer request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.Create, request, target, options, cancellationToken);
}
