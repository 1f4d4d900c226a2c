using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>Refreshes the host's index of packages. It is an error when a source does not answer; the index of the others is refreshed.</summary>
public sealed record RefreshIndex
{
    /// <summary>The age of the index in seconds, 0 to 604,800, from which it is refreshed; default: 0, always.</summary>
    [Range(0, 604_800)]
    public int? OlderThan { get; init; }

    /// <summary>The seconds to wait for another program that has the index locked, 0 to 600; default: 60.</summary>
    [Range(0, 600)]
    public int? LockTimeout { get; init; }

    /// <summary>The time limit in seconds, 1 to 3600; default: 300.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }
}

public static partial class PackageOperations
{
    /// <inheritdoc cref="RefreshIndex"/>
    public static Operation<RefreshIndex, RefreshResult> Refresh { get; } = new("package.refresh.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/package/update"),
        Permission = Permissions.PackageWrite,
        Rights = "root",
        Request = PackageJson.Requests.RefreshIndex,
        Result = PackageJson.Results.RefreshResult,
        Timeout = static request => TimeSpan.FromSeconds(request.Timeout ?? 300),
        Example = static () => (new() { OlderThan = 3600 }, new() { Changed = true, IndexAge = 0 }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.Refresh"/>
    public Task<JobReply<RefreshResult>> RefreshAsync(Target target, RefreshIndex? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.Refresh, request ?? new(), target, options, cancellationToken);
}
