using Docker.DotNet.Models;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>An image in the host's engine.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Digests">The digests under which registries know it, for registries that it was pulled from or pushed to.</param>
/// <param name="Size">The size in bytes.</param>
internal sealed record LocalImage(string Id, IReadOnlyList<string> Digests, long Size);

/// <summary>The result of a download.</summary>
internal sealed record PullSummary(int Layers, long Bytes);

/// <summary>Finds images on the host and in registries, and pulls them.</summary>
internal static class DockerPull
{
    /// <summary>Finds an image on the host; null when it is not there.</summary>
    public static async Task<LocalImage?> FindImageAsync(this DockerEngine engine, ImageName image, CancellationToken cancellationToken)
    {
        try
        {
            // Without a tag the engine uses latest, like the name.
            var found = await engine.QueryAsync(client => client.Images.InspectImageAsync(image.Value, cancellationToken));
            return new(found.ID, [.. (found.RepoDigests ?? []).Select(digest => digest[(digest.IndexOf('@', StringComparison.Ordinal) + 1)..])], found.Size);
        }
        catch (OperationException exception) when (exception.Type == ErrorType.NotFound)
        {
            return null;
        }
    }

    /// <summary>Gets the registry's current digest of an image; null when the engine does not support the query.</summary>
    /// <exception cref="OperationException">The registry does not have the image, or refuses access.</exception>
    public static async Task<string?> DigestInRegistryAsync(Host host, ImageName image, AuthConfig? credentials, CancellationToken cancellationToken)
    {
        // The call takes no credentials, so they are sent as a header of every request of this connection.
        var headers = credentials is null ? null : new Dictionary<string, string> { ["X-Registry-Auth"] = RegistryCredentials.Header(credentials) };
        using var engine = await DockerEngine.OpenAsync(host, headers, cancellationToken);
        try
        {
            return (await engine.QueryAsync(client => client.Distribution.InspectAsync(Written(image), cancellationToken))).Descriptor?.Digest;
        }
        catch (OperationException exception) when (exception.Message.Equals("Not Found", StringComparison.OrdinalIgnoreCase) || exception.Message.Contains("page not found", StringComparison.Ordinal))
        {
            // Podman's service does not support it.
            return null;
        }
    }

    /// <summary>Pulls an image.</summary>
    /// <exception cref="OperationException">
    /// The image does not exist, or the pull failed, even if the engine reports that only in the stream.
    /// </exception>
    public static async Task<PullSummary> PullAsync(this DockerEngine engine, ImageName image, AuthConfig? credentials, CancellationToken cancellationToken)
    {
        PullProgress progress = new();
        // Without a tag the engine would pull all tags.
        ImagesCreateParameters parameters = new() { FromImage = image.Digest is { } digest ? $"{image.Repository}@{digest}" : image.Repository, Tag = image.Digest is null ? image.Tag : null };
        await engine.QueryAsync(async client =>
        {
            await client.Images.CreateImageAsync(parameters, credentials ?? new AuthConfig(), progress, cancellationToken);
            return true;
        });
        return progress.Error is { } error ? throw DockerErrors.Of(error) : progress.End;
    }

    private static string Written(ImageName image) => image.Digest is { } digest ? $"{image.Repository}@{digest}" : $"{image.Repository}:{image.Tag}";

    // Synchronous and in order, unlike the framework's Progress.
    private sealed class PullProgress : IProgress<JSONMessage>
    {
        private readonly Dictionary<string, long> bytes = [];
        private readonly HashSet<string> layers = [];

        public string? Error { get; private set; }

        public PullSummary End => new(layers.Count, bytes.Where(layer => layers.Contains(layer.Key)).Sum(layer => layer.Value));

        public void Report(JSONMessage value)
        {
            Error ??= value.Error?.Message;
            if (value.ID is not { Length: > 0 } layer)
                return;
            if (value.Status == "Downloading" && value.Progress?.Current is { } current)
                bytes[layer] = Math.Max(bytes.GetValueOrDefault(layer), value.Progress.Total is > 0 and var total ? Math.Max(current, total) : current);
            else if (value.Status is "Pull complete" or "Download complete")
                layers.Add(layer);
        }
    }
}
