using Docker.DotNet.Models;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>An image as a host has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Digests">The digests under which registries know it, as far as it was pulled from or pushed to them.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record LocalImage(string Id, IReadOnlyList<string> Digests, long Size);

/// <summary>What was downloaded.</summary>
internal sealed record PullSummary(int Layers, long Bytes);

/// <summary>Images, on the host and in registries.</summary>
internal static class DockerPull
{
    /// <summary>The image as the host has it; null when it does not.</summary>
    public static async Task<LocalImage?> FindImageAsync(this DockerEngine engine, ImageName image, CancellationToken cancellationToken)
    {
        try
        {
            // Without a tag the engine means latest, as the name does.
            var found = await engine.QueryAsync(client => client.Images.InspectImageAsync(image.Value, cancellationToken));
            return new(found.ID, [.. (found.RepoDigests ?? []).Select(digest => digest[(digest.IndexOf('@', StringComparison.Ordinal) + 1)..])], found.Size);
        }
        catch (OperationException exception) when (exception.Type == ErrorType.NotFound)
        {
            return null;
        }
    }

    /// <summary>The digest that the registry has for an image now; null when the engine cannot ask for it.</summary>
    /// <exception cref="OperationException">The registry does not have it, or refuses.</exception>
    public static async Task<string?> DigestInRegistryAsync(Host host, ImageName image, AuthConfig? credentials, CancellationToken cancellationToken)
    {
        // That call takes no credentials of its own, so they are said with every request of this connection.
        var headers = credentials is null ? null : new Dictionary<string, string> { ["X-Registry-Auth"] = RegistryCredentials.Header(credentials) };
        using var engine = await DockerEngine.OpenAsync(host, headers, cancellationToken);
        try
        {
            return (await engine.QueryAsync(client => client.Distribution.InspectAsync(Written(image), cancellationToken))).Descriptor?.Digest;
        }
        catch (OperationException exception) when (exception.Message.Equals("Not Found", StringComparison.OrdinalIgnoreCase) || exception.Message.Contains("page not found", StringComparison.Ordinal))
        {
            // Podman's service does not have it.
            return null;
        }
    }

    /// <summary>Pulls an image.</summary>
    /// <exception cref="OperationException">It is not there, or something went wrong on the way, also when the engine says so only in the stream.</exception>
    public static async Task<PullSummary> PullAsync(this DockerEngine engine, ImageName image, AuthConfig? credentials, CancellationToken cancellationToken)
    {
        PullProgress progress = new();
        // Without a tag the engine would pull all of them.
        ImagesCreateParameters parameters = new() { FromImage = image.Digest is { } digest ? $"{image.Repository}@{digest}" : image.Repository, Tag = image.Digest is null ? image.Tag : null };
        await engine.QueryAsync(async client =>
        {
            await client.Images.CreateImageAsync(parameters, credentials ?? new AuthConfig(), progress, cancellationToken);
            return true;
        });
        return progress.Error is { } error ? throw DockerErrors.Of(error) : progress.End;
    }

    private static string Written(ImageName image) => image.Digest is { } digest ? $"{image.Repository}@{digest}" : $"{image.Repository}:{image.Tag}";

    // Told in order and at once, which the framework's own does not do.
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
