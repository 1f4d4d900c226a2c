using Osapi.Operations;
using Osapi.Operations.Docker;
using Osapi.Operations.Json;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The limits for the images that are pulled and run.</summary>
internal static class ImageRestriction
{
    /// <summary>True when a list of images is given.</summary>
    public static bool LimitsImages(this Host host) => host.Restrictions is not { Allow.Images: null, Deny.Images: null };

    /// <summary>Requires that the agent's configuration allows an image.</summary>
    /// <param name="host">The host.</param>
    /// <param name="image">The image, for the error.</param>
    /// <param name="names">All names that the image has on the host, and the one in the request.</param>
    /// <exception cref="OperationException">One name is denied, or none is allowed.</exception>
    public static void RequireImageAllowed(this Host host, string image, IEnumerable<string> names)
    {
        List<ImageName> known = [.. names.Select(Text.TryParse<ImageName>).OfType<ImageName>().Where(name => !name.IsId)];
        var (allow, deny) = (host.Restrictions.Allow.Images, host.Restrictions.Deny.Images);
        foreach (var denied in deny ?? [])
            if (known.Find(name => Matches(denied, name)) is { } listed)
                throw AgentRestrictions.Denied($"the image {image}{(listed.Value == image ? "" : $", also named {listed},")} is one that agent.deny.images lists ({denied})");
        if (allow is not null && !known.Exists(name => allow.Any(allowed => Matches(allowed, name))))
            throw AgentRestrictions.Denied($"the image {image} is not one that agent.allow.images lists");
    }

    /// <summary>Decides whether a pattern covers an image.</summary>
    internal static bool Matches(string pattern, ImageName image)
    {
        if (pattern.EndsWith("/*", StringComparison.Ordinal))
            return Repository(image).StartsWith(Full(pattern[..^1]), StringComparison.Ordinal);
        return Text.TryParse<ImageName>(pattern) is { } listed
            && Repository(listed) == Repository(image)
            && (listed.Digest is null || listed.Digest == image.Digest)
            && (listed.Digest is not null || !HasTag(listed) || listed.Tag == image.Tag);
    }

    private static bool HasTag(ImageName image) => image.Value.Length > image.Repository.Length;

    private static string Repository(ImageName image) => Full(image.Repository);

    // Docker Hub has several names, and its official images are in "library".
    private static string Full(string repository)
    {
        var first = repository.Split('/')[0];
        var isRegistry = repository.Contains('/', StringComparison.Ordinal) && (first == "localhost" || first.AsSpan().ContainsAny('.', ':'));
        var (registry, path) = isRegistry ? (first.ToLowerInvariant(), repository[(first.Length + 1)..]) : ("docker.io", repository);
        if (registry is "index.docker.io" or "registry-1.docker.io" or "registry.hub.docker.com")
            registry = "docker.io";
        return registry == "docker.io" && !path.Contains('/', StringComparison.Ordinal) ? $"{registry}/library/{path}" : $"{registry}/{path}";
    }
}
