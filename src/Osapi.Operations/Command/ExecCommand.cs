using Osapi.Operations.Json;

namespace Osapi.Operations.Command;

/// <summary>
/// Runs a program with exactly these arguments, without a shell. It fails, with its result, when the exit code is not allowed.
/// </summary>
public sealed record ExecCommand : CommandRequest
{
    /// <summary>The program: a path, or a name that is searched for in the directories of <c>PATH</c>.</summary>
    [Length(1, MaxText), NoNul]
    public required string Command { get; init; }

    /// <summary>The arguments, passed unchanged: nothing is quoted, split or expanded.</summary>
    [NoNul]
    public IReadOnlyList<string> Args { get => field ?? []; init; }
}

public static partial class CommandOperations
{
    /// <inheritdoc cref="ExecCommand"/>
    public static Operation<ExecCommand, CommandResult> Exec { get; } = new("command.exec.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/command/exec"),
        Permission = Permissions.CommandExecute,
        Rights = "those of the program, which runs as the agent's user",
        HasLargeRequest = true,
        Request = CommandJson.Requests.ExecCommand,
        Result = CommandJson.Results.CommandResult,
        Timeout = static request => request.TimeLimit,
        Example = static () => (
            new() { Command = "systemctl", Args = ["is-active", "nginx"], Timeout = 10, AllowExitCodes = [0, 3] },
            new() { Stdout = "inactive\n", Stderr = "", ExitCode = 3, DurationMs = 12, Changed = true }),
    };
}

public sealed partial class CommandClient
{
    /// <inheritdoc cref="ExecCommand"/>
    public Task<JobReply<CommandResult>> ExecAsync(Target target, ExecCommand request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(CommandOperations.Exec, request, target, options, cancellationToken);
}
