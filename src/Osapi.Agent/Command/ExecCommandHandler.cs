using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Command;

namespace Osapi.Agent.Command;

/// <summary>Runs <see cref="ExecCommand"/> on this host.</summary>
internal static class ExecCommandHandler
{
    public static Task<HandlerResult<CommandResult>> HandleAsync(ExecCommand request, Host host, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync(request, request.Command, request.Args, host, cancellationToken);
}
