using System.Globalization;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="ExecInContainer"/> on this host.</summary>
internal static class ExecInContainerHandler
{
    public static async Task<HandlerResult<ContainerExecResult>> HandleAsync(ExecInContainer request, Host host, CancellationToken cancellationToken)
    {
        using var engine = await DockerEngine.OpenAsync(host, cancellationToken);
        await engine.RequireContainerAllowedAsync(host, request.Id.Value, cancellationToken);
        var end = await engine.RunAsync(
            host,
            request.Id.Value,
            new() { Cmd = [.. request.Command], Env = [.. request.Env.Select(variable => variable.Value)], WorkingDir = request.WorkingDir ?? "" },
            cancellationToken);
        if (end.NotRunReason is { } reason)
            throw new OperationException(reason.Contains("permission denied", StringComparison.Ordinal) ? ErrorType.Conflict : ErrorType.NotFound, $"{request.Command[0]} cannot be run in the container: {reason}");
        ContainerExecResult result = new()
        {
            Stdout = end.Output.Text,
            Stderr = end.Error.Text,
            ExitCode = end.ExitCode,
            DurationMs = (long)end.Duration.TotalMilliseconds,
            Changed = true,
            StdoutTruncated = end.Output.Truncated,
            StderrTruncated = end.Error.Truncated,
            StdoutBytes = end.Output.Bytes,
            StderrBytes = end.Error.Bytes,
        };
        if (end.Stopped is { } stopped)
            return HandlerResult<ContainerExecResult>.Stopped(stopped, result);
        if (end.Lost is { } lost)
            return HandlerResult<ContainerExecResult>.Lost(result, $"how the program ended is unknown: {lost}");
        return (request.AllowExitCodes ?? [0]).Contains(end.ExitCode) ? result : HandlerResult<ContainerExecResult>.Failed(result, Failure(end));
    }

    // The last line that a program writes usually names the problem; the full output is in the result.
    private static string Failure(ExecResult end)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"exit code {end.ExitCode}");
        var last = end.Error.Text.AsSpan().TrimEnd();
        var line = last[(last.LastIndexOfAny('\n', '\r') + 1)..].Trim();
        return line.IsEmpty ? code : $"{code}: {Command.CommandRunner.Shorten(line)}";
    }
}
