using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Command;

namespace Osapi.Agent.Command;

internal static partial class CommandHandlers
{
    private static Task<HandlerResult<CommandResult>> ExecAsync(ExecCommand request, Host host, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync(request, request.Command, request.Args, host, cancellationToken);
}
