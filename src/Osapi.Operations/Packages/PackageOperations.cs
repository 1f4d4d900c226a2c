using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>Packages of hosts: list, install, upgrade, hold and remove them with apt.</summary>
public static partial class PackageOperations
{
    internal static OperationFamily Family => new([List, Updates, Install, Remove, Refresh, Hold, Upgrade, UpdateRepository, DeleteRepository]) { Read = [Permissions.PackageRead], Write = [Permissions.PackageWrite] };
}

/// <summary>Calls of the package family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class PackageClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListPackages)), JsonSerializable(typeof(PackageList))]
[JsonSerializable(typeof(GetUpdates)), JsonSerializable(typeof(UpdateList))]
[JsonSerializable(typeof(InstallPackages)), JsonSerializable(typeof(RemovePackages)), JsonSerializable(typeof(UpgradePackages)), JsonSerializable(typeof(PackageResult))]
[JsonSerializable(typeof(RefreshIndex)), JsonSerializable(typeof(RefreshResult))]
[JsonSerializable(typeof(UpdateRepository)), JsonSerializable(typeof(DeleteRepository)), JsonSerializable(typeof(RepositoryResult))]
[JsonSerializable(typeof(HoldPackages)), JsonSerializable(typeof(HoldResult))]
internal sealed partial class PackageJson : JsonSerializerContext
{
    public static PackageJson Requests { get; } = new(JsonConventions.Strict);

    public static PackageJson Results { get; } = new(JsonConventions.Lenient);
}
