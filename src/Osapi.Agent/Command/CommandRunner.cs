using System.Globalization;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Agent.Command;

/// <summary>Runs a command and determines its outcome.</summary>
internal static class CommandRunner
{
    private const int MaxReason = 200;

    public static async Task<HandlerResult<CommandResult>> RunAsync(CommandRequest request, string program, IReadOnlyList<string> arguments, Host host, CancellationToken cancellationToken)
    {
        var process = Process(request, program, arguments, host);
        if (await CommandGuards.DecideAsync(request, host, cancellationToken) is { } decided)
            return decided;

        var end = await host.RunAsync(process with { Input = request.Stdin, IsOutputOfJob = true }, cancellationToken);
        var result = ResultOf(end);
        if (end.Stopped is { } stopped)
            return HandlerResult<CommandResult>.Stopped(stopped.ToString(), result);
        return end.Exit.Signal is null && (request.AllowExitCodes ?? [0]).Contains(end.Exit.Code) ? result : HandlerResult<CommandResult>.Failed(result, Failure(end));
    }

    /// <summary>Creates the request for a process with the command's directory and environment.</summary>
    /// <exception cref="OperationException">The agent's configuration denies the program or the directory.</exception>
    public static ProcessRequest Process(CommandRequest request, string program, IReadOnlyList<string> arguments, Host host)
    {
        ProcessRequest process = new(program, arguments) { Directory = request.Cwd, Environment = request.Env };
        host.RequireAllowed(process);
        if (request.Cwd is { } directory)
            host.RequireAllowed(Path.GetFullPath(directory));
        return process;
    }

    /// <summary>Describes how a process ended: <c>exit code 2</c>, <c>ended by SIGKILL</c>.</summary>
    public static string Describe(ProcessExit exit) => exit.Signal is { } signal ? $"ended by {signal}" : string.Create(CultureInfo.InvariantCulture, $"exit code {exit.Code}");

    /// <summary>Shortens a text for use as a reason.</summary>
    public static string Shorten(ReadOnlySpan<char> text) =>
        text.Length <= MaxReason ? text.ToString() : string.Concat(text[..(char.IsHighSurrogate(text[MaxReason - 1]) ? MaxReason - 1 : MaxReason)], "...");

    private static CommandResult ResultOf(ProcessResult end) => new()
    {
        Stdout = end.Output.Text,
        Stderr = end.Error.Text,
        ExitCode = end.Exit.Code,
        Signal = end.Exit.Signal,
        DurationMs = (long)end.Duration.TotalMilliseconds,
        Changed = true,
        StdoutTruncated = end.Output.Truncated,
        StderrTruncated = end.Error.Truncated,
        StdoutBytes = end.Output.Bytes,
        StderrBytes = end.Error.Bytes,
        StdoutReplaced = end.Output.Replaced,
        StderrReplaced = end.Error.Replaced,
    };

    // The last line that a program writes usually names the problem; the full output is in the result.
    private static string Failure(ProcessResult end)
    {
        var text = end.Error.Text.AsSpan().TrimEnd();
        var line = text[(text.LastIndexOfAny('\n', '\r') + 1)..].Trim();
        return line.IsEmpty ? Describe(end.Exit) : $"{Describe(end.Exit)}: {Shorten(line)}";
    }
}
