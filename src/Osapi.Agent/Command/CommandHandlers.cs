using Osapi.Agent.Handlers;
using Osapi.Operations.Command;

namespace Osapi.Agent.Command;

/// <summary>The handlers of the command family.</summary>
internal static class CommandHandlers
{
    public static HandlerTable All => new()
    {
        { CommandOperations.Exec, ExecCommandHandler.HandleAsync },
        { CommandOperations.Shell, ShellCommandHandler.HandleAsync },
    };
}
