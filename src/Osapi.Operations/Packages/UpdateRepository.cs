using Osapi.Operations.Facts;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>Ensures that a host has a repository as a source of packages, in a file of its own.</summary>
/// <remarks>When the refresh of a changed source fails, its files are as before.</remarks>
public sealed record UpdateRepository : IValidatable
{
    /// <summary>The name of the repository.</summary>
    public required RepositoryName Name { get; init; }

    /// <summary>The addresses, 1 to 10.</summary>
    [Length(1, 10)]
    public required IReadOnlyList<RepositoryAddress> Uris { get; init; }

    /// <summary>The suites, 1 to 20.</summary>
    [Length(1, 20)]
    public required IReadOnlyList<RepositorySuite> Suites { get; init; }

    /// <summary>The components, at most 20; required unless the suites are paths that end in <c>/</c>.</summary>
    [Length(1, 20)]
    public IReadOnlyList<RepositoryComponent>? Components { get; init; }

    /// <summary>The architectures, at most 10; default: those of the host.</summary>
    [Length(1, 10)]
    public IReadOnlyList<RepositoryComponent>? Architectures { get; init; }

    /// <summary>The key that signs the repository, armoured (<c>-----BEGIN PGP PUBLIC KEY BLOCK-----</c>), trusted for this source only; default: the keys that the host trusts.</summary>
    [Length(1, 65_536), NoNul]
    public string? SignedBy { get; init; }

    /// <summary>True to accept the repository without a signature; default: false.</summary>
    public bool? Trusted { get; init; }

    /// <summary>False to keep the source without using it; default: true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>False to leave the index as it is; default: true, which refreshes that of this source after a change.</summary>
    public bool? Refresh { get; init; }

    /// <summary>The time limit in seconds, 1 to 3600; default: 120.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Suites.Any(suite => suite.Value.EndsWith('/')) == Components is not null)
            yield return new("components", "is required for suites, and must not be given for paths that end in /");
        if (SignedBy is not null && Trusted == true)
            yield return new("trusted", "must not be true together with signed_by");
        if (SignedBy is { } key && !FactReference.ArePending(key) && !IsKey(key))
            yield return new("signed_by", "must be an armoured public key: -----BEGIN PGP PUBLIC KEY BLOCK-----");
    }

    private static bool IsKey(string text) =>
        text.TrimStart().StartsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal) && text.TrimEnd().EndsWith("-----END PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal);
}

public static partial class PackageOperations
{
    /// <inheritdoc cref="Osapi.Operations.Packages.UpdateRepository"/>
    public static Operation<UpdateRepository, RepositoryResult> UpdateRepository { get; } = new("package.repository.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/package/repository/{name}"),
        Permission = Permissions.PackageWrite,
        Rights = "root",
        Request = PackageJson.Requests.UpdateRepository,
        Result = PackageJson.Results.RepositoryResult,
        Timeout = static request => TimeSpan.FromSeconds(request.Timeout ?? 120),
        HasLargeRequest = true,
        Example = static () => (
            new() { Name = "acme", Uris = ["copy:/opt/acme/repo"], Suites = ["./"], Trusted = true },
            new() { Name = "acme", Path = PackageExamples.RepositoryPath, Changed = true, Refreshed = true }),
    };
}

public sealed partial class PackageClient
{
    /// <inheritdoc cref="PackageOperations.UpdateRepository"/>
    public Task<JobReply<RepositoryResult>> UpdateRepositoryAsync(Target target, UpdateRepository request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(PackageOperations.UpdateRepository, request, target, options, cancellationToken);
}
