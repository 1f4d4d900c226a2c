using Docker.DotNet.Models;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="PullImage"/> on this host.</summary>
internal static class PullImageHandler
{
    public static async Task<ChangePlan<PullResult>> HandleAsync(PullImage request, Host host, CancellationToken cancellationToken)
    {
        if (host.LimitsImages())
            host.RequireImageAllowed(request.Image.Value, [request.Image.Value]);
        using var engineBefore = await DockerEngine.OpenAsync(host, cancellationToken);
        var credentials = await RegistryCredentials.FindAsync(host, request.Image, request.CredentialsFile?.Value, cancellationToken);
        var before = await engineBefore.FindImageAsync(request.Image, cancellationToken);
        var digest = await ExplainedAsync(request, credentials, () => DockerPull.DigestInRegistryAsync(host, request.Image, credentials, cancellationToken));
        var isCurrent = digest is null ? before is null ? false : (bool?)null : before?.Digests.Contains(digest) == true;
        return new()
        {
            Changes = !isCurrent,
            Before = before is null || isCurrent == true ? null : ImageChange.Of(before.Id, before.Digests is [var known, ..] ? known : null),
            After = digest is null || isCurrent == true ? null : ImageChange.Of(null, digest),
            Apply = async stop =>
            {
                if (isCurrent == true)
                    return Result(request.Image, before!, digest, new(0, 0), changed: false);
                using var engine = await DockerEngine.OpenAsync(host, stop);
                var end = await ExplainedAsync(request, credentials, () => engine.PullAsync(request.Image, credentials, stop));
                var after = await engine.FindImageAsync(request.Image, stop)
                    ?? throw new OperationException(ErrorType.NotFound, $"{request.Image} was pulled, but the host does not have it");
                var changed = before is null || before.Id != after.Id || after.Digests.Except(before.Digests).Any();
                return Result(request.Image, after, digest ?? (after.Digests is [var first, ..] ? first : null), changed ? end : new(0, 0), changed);
            },
        };
    }

    private static PullResult Result(ImageName image, LocalImage found, string? digest, PullSummary end, bool changed) => new()
    {
        Image = image.Value,
        ImageId = found.Id,
        Digest = digest,
        Tag = image.Tag,
        Size = found.Size,
        LayersPulled = end.Layers,
        BytesPulled = end.Bytes,
        Changed = changed,
    };

    // Registries answer unknown callers tersely; the caller needs to know where credentials would be configured.
    private static async Task<T> ExplainedAsync<T>(PullImage request, AuthConfig? credentials, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (OperationException exception) when (DockerErrors.IsAboutCredentials(exception.Message))
        {
            var hint = credentials is null ? "the host has no credentials for it" : "it rejects the host's credentials";
            throw new OperationException(exception.Type, $"the registry {request.Image.Registry} refuses {request.Image} ({exception.Message}): {hint}");
        }
    }
}
