using Osapi.Operations.Json;

namespace Osapi.Operations.Command;

/// <summary>Runs a line in the shell of the host, <c>/bin/sh -c</c>. An exit code that is not allowed is a failure with its result.</summary>
public sealed record ShellCommand : CommandRequest
{
    /// <summary>The line: everything that <c>/bin/sh</c> understands, pipes and several lines included.</summary>
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
        HasLargeRequest = true,
        Request = CommandJson.Requests.ShellCommand,
        Result = CommandJson.Results.CommandResult,
        Timeout = static request => request.Limit,
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
