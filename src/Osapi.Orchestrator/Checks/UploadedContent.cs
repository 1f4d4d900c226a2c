using Osapi.Operations.Files;

namespace Osapi.Orchestrator.Checks;

/// <summary>Gives the check of a deployment the content that an earlier task would store, so that it is compared with the hosts.</summary>
internal static class UploadedContent
{
    // More is not kept in memory on a host.
    private const int MaxSize = 1024 * 1024;

    /// <summary>Returns the request with the content; null when no earlier task would store it, and when it cannot be given.</summary>
    public static async Task<DeployFile?> FindAsync(object request, IReadOnlyList<PredictedChange> earlier, CancellationToken cancellationToken)
    {
        if (request is not DeployFile { CheckContent: null, ObjectName: { } name } deploy || earlier.Count == 0)
            return null;
        var changes = earlier.Where(change => change.ResourceNames.Contains(name.Value)).ToList();
        return changes is [{ Upload: { } upload }] && await ReadAsync(upload.Path, cancellationToken).ConfigureAwait(false) is { } content
            ? deploy with { CheckContent = Convert.ToBase64String(content) }
            : null;
    }

    private static async Task<byte[]?> ReadAsync(LocalFile file, CancellationToken cancellationToken)
    {
        try
        {
            var stream = file.Open();
            await using var disposal = stream.ConfigureAwait(false);
            // A stream that cannot be rewound was read by the check of the upload.
            if (!stream.CanSeek || stream.Length - stream.Position > MaxSize)
                return null;
            var content = new byte[stream.Length - stream.Position];
            await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
