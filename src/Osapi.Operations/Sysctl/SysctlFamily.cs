using Osapi.Operations.Sysctl;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read the kernel settings of a host.</summary>
    public const string SysctlRead = "sysctl:read";

    /// <summary>Change kernel settings. Amounts to root on the hosts, because some of them name programs that the kernel starts.</summary>
    public const string SysctlWrite = "sysctl:write";
}

public abstract partial class FamilyClients
{
    /// <summary>Kernel settings of hosts.</summary>
    public SysctlClient Sysctl => field ??= new(invoker);
}
