using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Sysctl;

/// <summary>Kernel settings of hosts (sysctl), in the running kernel and at boot.</summary>
public static partial class SysctlOperations
{
    internal static OperationFamily Family => new([List, Get, Update, Delete])
    {
        Read = [Permissions.SysctlRead],
        Write = [Permissions.SysctlWrite],
    };
}

/// <summary>Calls of the sysctl family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class SysctlClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListSysctls)), JsonSerializable(typeof(SysctlList))]
[JsonSerializable(typeof(GetSysctl)), JsonSerializable(typeof(SysctlSetting))]
[JsonSerializable(typeof(UpdateSysctl)), JsonSerializable(typeof(DeleteSysctl)), JsonSerializable(typeof(SysctlResult))]
internal sealed partial class SysctlJson : JsonSerializerContext
{
    public static SysctlJson Requests { get; } = new(JsonConventions.Strict);

    public static SysctlJson Results { get; } = new(JsonConventions.Lenient);
}
