namespace Osapi.Cli.Streams;

/// <summary>Writes what is downloaded into a file.</summary>
internal static class DownloadedFile
{
    /// <summary>Writes a file as a whole: an interrupted download keeps the previous content.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static async Task WriteAsync(Stream content, string output, CancellationToken cancellationToken)
    {
        try
        {
            await ReplaceAsync(content, Path.GetFullPath(output), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, $"{output} cannot be written: {exception.Message}");
        }
    }

    // Written to a temporary file that then replaces the target.
    private static async Task ReplaceAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await using (FileStream file = new(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
                await content.CopyToAsync(file, cancellationToken);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
