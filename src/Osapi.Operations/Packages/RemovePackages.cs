using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>Ensures that packages are not installed. A name that the host does not know counts as removed.</summary>
/// <remarks>Nothing else is removed unless a member allows it, and an essential package never.</remarks>
public sealed record RemovePackages : PackageTransaction, IValidatable
{
    /// <summary>The packages, 1 to 100.</summary>
    [Length(1, 100)]
    public required IReadOnlyList<PackageName> Names { get; init; }

    /// <summary>True to remove their configuration files as well, also those of packages that were removed earlier; default: false.</summary>
    public bool? Purge { get; init; }

    /// <summary>True to remove dependencies that no other package needs; default: false.</summary>
    public bool? Autoremove { get; init; }

    /// <summary>True to remove the packages that depend on them as well; default: false, which makes one a conflict.</summary>
    public bool? AllowDependents { get; init; }

    /// <summary>True to allow the removal of packages that are on hold; default: false.</summary>
    public bool? AllowHeld { get; init; }

    /// <summary>The time limit in seconds, 1 to 3600; default: 600.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    internal TimeSpan TimeLimit => Limit(Timeout, 600);

    IEnumerable<Problem> IValidatable.Validate() => Duplicates("names", Names.Select(name => name.Value));
}

public static partial class PackageOperations
{
    /// <inheritdoc cref="RemovePackages"/>
    public static Operation<RemovePackages, PackageResult> Remove { get; } = new("package.remove.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/package/remove"),
        Permission = Permissions.PackageWrite,
        Rights = PackageExamples.Rights,
        Request = PackageJson.Requests.RemovePackages,
        Result = PackageJson.Results.PackageResult,
        Timeout = static request => request.TimeLimit,
        Example = static () => (
            new() { Names = ["acme-tool"], Purge = true },
            new() { Changed = true, Packages = [new() { Name = "acme-tool", Architecture = "all", From = "1.0" }] }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.Remove"/>
    public Task<JobReply<PackageResult>> RemoveAsync(Target target, RemovePackages request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.Remove, request, target, options, cancellationToken);
}
