using Osapi.Operations.Json;

namespace Osapi.Operations.Command;

/// <summary>Runs a command line with <c>/bin/sh -c</c>. It fails, with its result, when the exit code is not allowed.</summary>
public sealed record ShellCommand : CommandRequest
{
    /// <summary>The command line: anything that <c>/bin/sh</c> accepts, including pipes and several lines.</summary>
    [Length(1, MaxText), NoNul, ShellLine]
    public required string Command { get; init; }
}

public static partial class CommandOperations
{
    /// <inheritdoc cref="ShellCommand"/>
    public static Operation<ShellCommand, CommandResult> Shell { get; } = new("command.shell.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/command/shell"),
        Permission = Permissions.CommandExecute,
        Rights = "those of the commands, which run as the agent's user",
        HasLargeRequest = true,
        Request = CommandJson.Requests.ShellCommand,
        Result = CommandJson.Results.CommandResult,
        Timeout = static request => request.TimeLimit,
        Example = static () => (
            new() { Command = "tar -xzf site.tar.gz && ls | wc -l", Cwd = "/srv/www", Creates = "index.html" },
            new() { Stdout = "42\n", Stderr = "", ExitCode = 0, DurationMs = 187, Changed = true }),
    };
}

public sealed partial class CommandClient
{
    /// <inheritdoc cref="ShellCommand"/>
    public Task<JobReply<CommandResult>> ShellAsync(Target target, ShellCommand request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(CommandOperations.Shell, request, target, options, cancellationToken);
}
