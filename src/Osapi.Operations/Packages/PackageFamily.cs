using Osapi.Operations.Packages;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read which packages a host has, and which updates there are.</summary>
    public const string PackageRead = "package:read";

    /// <summary>Install, upgrade, hold and remove packages, whose scripts run as root.</summary>
    public const string PackageWrite = "package:write";
}

public abstract partial class FamilyClients
{
    /// <summary>Packages of hosts.</summary>
    public PackageClient Package => field ??= new(invoker);
}
