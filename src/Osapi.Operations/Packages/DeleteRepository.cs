namespace Osapi.Operations.Packages;

/// <summary>Ensures that a host does not have a repository as a source of packages. Only those that <c>package.repository.update</c> created are removed.</summary>
/// <remarks>Installed packages stay. Its packages are in the index until the next refresh.</remarks>
public sealed record DeleteRepository
{
    /// <summary>The name of the repository.</summary>
    public required RepositoryName Name { get; init; }
}

public static partial class PackageOperations
{
    /// <inheritdoc cref="Osapi.Operations.Packages.DeleteRepository"/>
    public static Operation<DeleteRepository, RepositoryResult> DeleteRepository { get; } = new("package.repository.delete", Idempotency.Idempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/package/repository/{name}"),
        Permission = Permissions.PackageWrite,
        Rights = "root",
        Request = PackageJson.Requests.DeleteRepository,
        Result = PackageJson.Results.RepositoryResult,
        Example = static () => (
            new() { Name = "acme" },
            new() { Name = "acme", Path = PackageExamples.RepositoryPath, Changed = true }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.DeleteRepository"/>
    public Task<JobReply<RepositoryResult>> DeleteRepositoryAsync(Target target, DeleteRepository request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.DeleteRepository, request, target, options, cancellationToken);
}
