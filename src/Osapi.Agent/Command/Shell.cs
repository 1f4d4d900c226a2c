using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Command;

namespace Osapi.Agent.Command;

internal static partial class CommandHandlers
{
    private static Task<HandlerResult<CommandResult>> ShellAsync(ShellCommand request, Host host, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync(request, ShellLine.Program, ShellLine.Arguments(request.Command), host, cancellationToken);
}
