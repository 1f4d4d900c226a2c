using Osapi.Agent.Handlers;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>The handlers of the package family.</summary>
internal static class PackageHandlers
{
    public static HandlerTable All => new()
    {
        { PackageOperations.List, ListPackagesHandler.HandleAsync },
        { PackageOperations.Updates, GetUpdatesHandler.HandleAsync },
        { PackageOperations.Install, InstallPackagesHandler.HandleAsync },
        { PackageOperations.Remove, RemovePackagesHandler.HandleAsync },
        { PackageOperations.Refresh, RefreshIndexHandler.HandleAsync },
        { PackageOperations.Hold, HoldPackagesHandler.HandleAsync },
        { PackageOperations.Upgrade, UpgradePackagesHandler.HandleAsync },
        { PackageOperations.UpdateRepository, UpdateRepositoryHandler.HandleAsync },
        { PackageOperations.DeleteRepository, DeleteRepositoryHandler.HandleAsync },
    };
}
