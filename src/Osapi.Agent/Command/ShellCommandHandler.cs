using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Command;

namespace Osapi.Agent.Command;

/// <summary>Runs <see cref="ShellCommand"/> on this host.</summary>
internal static class ShellCommandHandler
{
    public static Task<HandlerResult<CommandResult>> HandleAsync(ShellCommand request, Host host, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync(request, ShellLine.Program, ShellLine.Arguments(request.Command), host, cancellationToken);
}
