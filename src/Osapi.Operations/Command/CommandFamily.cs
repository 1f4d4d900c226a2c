using Osapi.Operations.Command;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Run commands on hosts.</summary>
    public const string CommandExecute = "command:execute";
}

public abstract partial class FamilyClients
{
    /// <summary>Programs and shell lines on hosts.</summary>
    public CommandClient Command => field ??= new(invoker);
}
