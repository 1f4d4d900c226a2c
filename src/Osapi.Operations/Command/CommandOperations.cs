using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Command;

/// <summary>Run commands on hosts.</summary>
public static partial class CommandOperations
{
    internal static OperationFamily Family => new([Exec, Shell]) { Admin = [Permissions.CommandExecute] };
}

/// <summary>Calls of the command family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class CommandClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ExecCommand)), JsonSerializable(typeof(ShellCommand)), JsonSerializable(typeof(CommandResult))]
internal sealed partial class CommandJson : JsonSerializerContext
{
    public static CommandJson Requests { get; } = new(JsonConventions.Strict);

    public static CommandJson Results { get; } = new(JsonConventions.Lenient);
}
