using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>Runs a program in a running container, without a shell. It fails, with its result, when the exit code is not allowed.</summary>
public sealed record ExecInContainer : IValidatable
{
    /// <summary>The name or id of the container.</summary>
    public required ContainerName Id { get; init; }

    /// <summary>The program and its arguments, each passed unchanged.</summary>
    [Length(1, 10_000), NoNul]
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Environment variables as <c>NAME=value</c>, added to those of the container. Their values are secret.</summary>
    [Secret(AreVariables = true)]
    public IReadOnlyList<EnvVariable> Env { get => field ?? []; init; }

    /// <summary>The working directory in the container; default: the container's own.</summary>
    [Length(1, 4095), NoNul]
    public string? WorkingDir { get; init; }

    /// <summary>Time limit in seconds, 1 to 3600; default: 30. After it, all processes of the program are terminated, and killed one second later.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>The exit codes that count as success, 0 to 255; default: only 0.</summary>
    [Length(1, 256), ElementRange(0, 255)]
    public IReadOnlyList<int>? AllowExitCodes { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Command is ["", ..])
            yield return new("command", "must begin with a program");
    }
}

/// <summary>The output of a program in a container, and how it ended.</summary>
public sealed record ContainerExecResult
{
    /// <summary>
    /// The standard output, up to the limit of the host (64 MiB by default), and less when the host has no space for more. A caller that
    /// asks for at most so much gets the beginning and the end of a larger one, 64 KiB each. Invalid UTF-8 bytes are replaced with U+FFFD.
    /// </summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public required string Stdout { get; init; }

    /// <summary>
    /// The standard error, up to the limit of the host (64 MiB by default), and less when the host has no space for more. A caller that
    /// asks for at most so much gets the beginning and the end of a larger one, 64 KiB each. Invalid UTF-8 bytes are replaced with U+FFFD.
    /// </summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public required string Stderr { get; init; }

    /// <summary>
    /// The exit code, 0 to 255; 128 plus the signal number when a signal ended the program; -1 when the engine does not report one,
    /// for example after a stop.
    /// </summary>
    public required int ExitCode { get; init; }

    /// <summary>The run time in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>True when the program ran: its effects cannot be determined.</summary>
    public required bool Changed { get; init; }

    /// <summary>True when the standard output was longer and is cut; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StdoutTruncated { get; init; }

    /// <summary>The number of bytes that were written to the standard output, when it is larger than a reply; otherwise null and left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? StdoutBytes { get; init; }

    /// <summary>True when the standard error was longer and is cut; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StderrTruncated { get; init; }

    /// <summary>The number of bytes that were written to the standard error, when it is larger than a reply; otherwise null and left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? StderrBytes { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="ExecInContainer"/>
    public static Operation<ExecInContainer, ContainerExecResult> Exec { get; } = new("docker.exec.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/container/docker/{id}/exec"),
        Permission = Permissions.DockerExecute,
        Rights = "access to the engine's socket, which amounts to root",
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
