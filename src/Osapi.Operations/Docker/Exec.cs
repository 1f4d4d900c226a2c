using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>Runs a program in a container that runs, never through a shell. An exit code that is not allowed is a failure with its result.</summary>
public sealed record ExecInContainer : IValidatable
{
    /// <summary>The container's name or id.</summary>
    public required ContainerName Id { get; init; }

    /// <summary>The program and its arguments, each passed as it is.</summary>
    [Length(1, 10_000), NoNul]
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Environment variables as <c>NAME=value</c>, on top of those of the container.</summary>
    public IReadOnlyList<EnvVariable> Env { get => field ?? []; init; }

    /// <summary>The directory in the container that it runs in; the container's when not given.</summary>
    [Length(1, 4095), NoNul]
    public string? WorkingDir { get; init; }

    /// <summary>Seconds it may run; 30 when not given. Then all its processes are terminated, and killed one second later.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>The exit codes that are a success, 0 to 255; only 0 when not given.</summary>
    [Length(1, 256), ElementRange(0, 255)]
    public IReadOnlyList<int>? AllowExitCodes { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Problem> Validate()
    {
        if (Command is ["", ..])
            yield return new("command", "must begin with a program");
    }
}

/// <summary>What a program in a container wrote and how it ended.</summary>
public sealed record ContainerExecResult
{
    /// <summary>Its standard output, the first 64 MiB of it, less where most of it needs escapes in JSON or other commands of the host write much at the same time. Bytes that are not UTF-8 stand as U+FFFD.</summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public required string Stdout { get; init; }

    /// <summary>Its standard error, the first 64 MiB of it, less where most of it needs escapes in JSON or other commands of the host write much at the same time. Bytes that are not UTF-8 stand as U+FFFD.</summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public required string Stderr { get; init; }

    /// <summary>Its exit code, 0 to 255, with 128 added to the number of the signal that ended it; -1 when the engine does not say, as after a stop.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Milliseconds from its start to its end.</summary>
    public required long DurationMs { get; init; }

    /// <summary>True when it ran: what a program did cannot be known.</summary>
    public required bool Changed { get; init; }

    /// <summary>True when there was more standard output than is kept; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StdoutTruncated { get; init; }

    /// <summary>True when there was more standard error than is kept; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StderrTruncated { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="ExecInContainer"/>
    public static Operation<ExecInContainer, ContainerExecResult> Exec { get; } = new("docker.exec.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/container/docker/{id}/exec"),
        Permission = Permissions.DockerExecute,
        Request = DockerJson.Requests.ExecInContainer,
        Result = DockerJson.Results.ContainerExecResult,
        Timeout = static request => TimeSpan.FromSeconds(request.Timeout ?? 30),
        Example = static () => (
            new() { Id = "web", Command = ["cat", "version"], WorkingDir = "/usr/share/web", Timeout = 10 },
            new() { Stdout = "1.4\n", Stderr = "", ExitCode = 0, DurationMs = 41, Changed = true }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="ExecInContainer"/>
    public Task<JobReply<ContainerExecResult>> ExecAsync(Target target, ExecInContainer request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.Exec, request, target, options, cancellationToken);
}
