using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>Lists the packages of a host by name.</summary>
public sealed record ListPackages
{
    /// <summary>The names of packages to list, at most 100; default: all. A name that the host does not know is not an error.</summary>
    [Length(0, 100)]
    public IReadOnlyList<PackageName>? Names { get; init; }

    /// <summary>The packages to list: installed, held, broken, config_files or all; default: installed.</summary>
    public PackageFilter? State { get; init; }
}

public static partial class PackageOperations
{
    /// <inheritdoc cref="ListPackages"/>
    public static Operation<ListPackages, PackageList> List { get; } = new("package.list.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/package"),
        Permission = Permissions.PackageRead,
        Request = PackageJson.Requests.ListPackages,
        Result = PackageJson.Results.PackageList,
        Example = static () => (
            new() { Names = ["acme-tool"] },
            new()
            {
                Packages =
                [
                    new() { Name = "acme-tool", Architecture = "all", Version = "1.0", Status = PackageStatus.Installed, Size = 2048, Summary = "tool of the example" },
                ],
            }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.List"/>
    public Task<JobReply<PackageList>> ListAsync(Target target, ListPackages? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.List, request ?? new(), target, options, cancellationToken);
}
