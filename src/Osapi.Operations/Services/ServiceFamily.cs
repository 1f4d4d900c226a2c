using Osapi.Operations.Services;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read the states of services and other systemd units.</summary>
    public const string ServiceRead = "service:read";

    /// <summary>Start, stop, enable and mask services, and write their unit files. Amounts to root on the hosts.</summary>
    public const string ServiceWrite = "service:write";
}

public abstract partial class FamilyClients
{
    /// <summary>The services of hosts, and other units of systemd.</summary>
    public ServiceClient Service => field ??= new(invoker);
}
