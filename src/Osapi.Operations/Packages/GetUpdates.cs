namespace Osapi.Operations.Packages;

/// <summary>Lists the packages of which the host's index has a newer version. It does not refresh the index.</summary>
public sealed record GetUpdates;

public static partial class PackageOperations
{
    /// <inheritdoc cref="GetUpdates"/>
    public static Operation<GetUpdates, UpdateList> Updates { get; } = new("package.updates.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/package/update"),
        Permission = Permissions.PackageRead,
        Request = PackageJson.Requests.GetUpdates,
        Result = PackageJson.Results.UpdateList,
        Timeout = static _ => TimeSpan.FromMinutes(1),
        Example = static () => (
            new(),
            new()
            {
                Updates = [new() { Name = "acme-tool", Architecture = "all", CurrentVersion = "1.0", NewVersion = "1.1", Origin = "Acme:12/stable" }],
                IndexAge = 311,
            }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.Updates"/>
    public Task<JobReply<UpdateList>> UpdatesAsync(Target target, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.Updates, new(), target, options, cancellationToken);
}
