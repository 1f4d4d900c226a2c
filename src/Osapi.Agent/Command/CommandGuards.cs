using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations.Command;

namespace Osapi.Agent.Command;

/// <summary>
/// Decides whether a command runs: all of its guards must pass. Cheap guards are checked first, and the first that
/// fails is the reason.
/// </summary>
internal static class CommandGuards
{
    /// <summary>
    /// Evaluates the guards. Returns the result when a guard fails or the evaluation was stopped; null when the command
    /// is to run.
    /// </summary>
    public static async Task<HandlerResult<CommandResult>?> DecideAsync(CommandRequest request, Host host, CancellationToken cancellationToken)
    {
        if (request.Creates is { } creates && Exists(request, creates, host))
            return HandlerResult<CommandResult>.Skipped($"creates: {creates} exists");
        if (request.Removes is { } removes && !Exists(request, removes, host))
            return HandlerResult<CommandResult>.Skipped($"removes: {removes} does not exist");
        return await LineAsync("unless", request.Unless, wanted: false) ?? await LineAsync("onlyif", request.Onlyif, wanted: true);

        async Task<HandlerResult<CommandResult>?> LineAsync(string guard, string? line, bool wanted)
        {
            if (line is null)
                return null;
            var end = await host.RunAsync(CommandRunner.Process(request, ShellLine.Program, ShellLine.Arguments(line), host), cancellationToken);
            if (end.Stopped is { } stopped)
                return HandlerResult<CommandResult>.Stopped($"in its guard {guard}, before the command itself ran, {stopped}");
            if (end.Exit.Code == 0 == wanted)
                return null;
            return HandlerResult<CommandResult>.Skipped($"{guard}: {CommandRunner.Shorten(line)} ({CommandRunner.Describe(end.Exit)})");
        }
    }

    // An absolute path is used as it is.
    private static bool Exists(CommandRequest request, string path, Host host)
    {
        var full = Path.GetFullPath(Path.Combine(request.Cwd ?? "", path));
        host.RequireAllowed(full);
        return Path.Exists(full);
    }
}
