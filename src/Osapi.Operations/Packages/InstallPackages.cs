using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>Ensures that packages are installed, in any version, in a given one, or in the newest.</summary>
/// <remarks>
/// Nothing is removed, downgraded or taken off hold unless a member allows it. What is running is never killed: after the time limit
/// the transaction goes on, and the next operation on packages waits for it.
/// </remarks>
public sealed record InstallPackages : PackageTransaction, IValidatable
{
    /// <summary>The packages, 1 to 100.</summary>
    [Length(1, 100)]
    public required IReadOnlyList<PackageSelector> Names { get; init; }

    /// <summary>Present or latest; default: present, which does not upgrade an installed package.</summary>
    public PackageState? State { get; init; }

    /// <summary>True to install recommended packages as well; default: as the host's apt is configured.</summary>
    public bool? Recommends { get; init; }

    /// <summary>The age of the index in seconds, 0 to 604,800, from which it is refreshed first, if something is to be installed; default: never.</summary>
    [Range(0, 604_800)]
    public int? RefreshOlderThan { get; init; }

    /// <summary>True to allow an older version than the installed one; default: false.</summary>
    public bool? AllowDowngrade { get; init; }

    /// <summary>True to allow changes of packages that are on hold; default: false.</summary>
    public bool? AllowHeld { get; init; }

    /// <summary>True to allow the removal of packages that are in the way; default: false.</summary>
    public bool? AllowRemovals { get; init; }

    /// <summary>The time limit in seconds, 1 to 3600; default: 600.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    internal TimeSpan TimeLimit => Limit(Timeout, 600);

    IEnumerable<Problem> IValidatable.Validate()
    {
        foreach (var problem in Duplicates("names", Names.Select(name => name.Package.Value)))
            yield return problem;
        if (State == PackageState.Latest && Names.Any(name => name.Version is not null))
            yield return new("state", "must be present for a package with a version");
    }
}

public static partial class PackageOperations
{
    /// <inheritdoc cref="InstallPackages"/>
    public static Operation<InstallPackages, PackageResult> Install { get; } = new("package.install.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/package"),
        Permission = Permissions.PackageWrite,
        Rights = PackageExamples.Rights,
        Request = PackageJson.Requests.InstallPackages,
        Result = PackageJson.Results.PackageResult,
        Timeout = static request => request.TimeLimit,
        Example = static () => (
            new() { Names = ["acme-tool"] },
            new() { Changed = true, Packages = [new() { Name = "acme-tool", Architecture = "all", To = "1.0" }] }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.Install"/>
    public Task<JobReply<PackageResult>> InstallAsync(Target target, InstallPackages request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.Install, request, target, options, cancellationToken);
}
