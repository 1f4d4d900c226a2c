using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>Upgrades installed packages to the newest versions that the index has. It does not refresh the index. Packages on hold stay.</summary>
public sealed record UpgradePackages : PackageTransaction, IValidatable
{
    /// <summary>Safe or full; default: safe, which removes nothing.</summary>
    public UpgradeMode? Mode { get; init; }

    /// <summary>The only packages to upgrade, 1 to 100, which must be installed; default: all.</summary>
    [Length(1, 100)]
    public IReadOnlyList<PackageName>? Only { get; init; }

    /// <summary>The time limit in seconds, 1 to 7200; default: 1800.</summary>
    [Range(1, 7200)]
    public int? Timeout { get; init; }

    internal TimeSpan TimeLimit => Limit(Timeout, 1800);

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Only is not null && Mode == UpgradeMode.Full)
            yield return new("mode", "must be safe when only some packages are upgraded");
        foreach (var problem in Duplicates("only", (Only ?? []).Select(name => name.Value)))
            yield return problem;
    }
}

public static partial class PackageOperations
{
    /// <inheritdoc cref="UpgradePackages"/>
    public static Operation<UpgradePackages, PackageResult> Upgrade { get; } = new("package.upgrade.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/package/upgrade"),
        Permission = Permissions.PackageWrite,
        Rights = PackageExamples.Rights,
        Request = PackageJson.Requests.UpgradePackages,
        Result = PackageJson.Results.PackageResult,
        Timeout = static request => request.TimeLimit,
        Example = static () => (
            new() { Only = ["acme-tool"] },
            new() { Changed = true, Packages = [new() { Name = "acme-tool", Architecture = "all", From = "1.0", To = "1.1" }] }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.Upgrade"/>
    public Task<JobReply<PackageResult>> UpgradeAsync(Target target, UpgradePackages request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.Upgrade, request, target, options, cancellationToken);
}
