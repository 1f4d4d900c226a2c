using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>Ensures that installed packages are on hold, or are not. A package on hold is not upgraded or removed.</summary>
public sealed record HoldPackages : IValidatable
{
    /// <summary>The packages, 1 to 100.</summary>
    [Length(1, 100)]
    public required IReadOnlyList<PackageName> Names { get; init; }

    /// <summary>True to put them on hold, false to take them off hold.</summary>
    public required bool Held { get; init; }

    IEnumerable<Problem> IValidatable.Validate() =>
        Names.GroupBy(name => name.Value, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => new Problem("names", $"must not name {group.Key} twice"));
}

public static partial class PackageOperations
{
    /// <inheritdoc cref="HoldPackages"/>
    public static Operation<HoldPackages, HoldResult> Hold { get; } = new("package.hold.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/package/hold"),
        Permission = Permissions.PackageWrite,
        Rights = "root",
        Request = PackageJson.Requests.HoldPackages,
        Result = PackageJson.Results.HoldResult,
        Example = static () => (new() { Names = ["acme-tool"], Held = true }, new() { Changed = true, Names = ["acme-tool"] }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.Hold"/>
    public Task<JobReply<HoldResult>> HoldAsync(Target target, HoldPackages request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.Hold, request, target, options, cancellationToken);
}
