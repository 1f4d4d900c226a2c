namespace Osapi.Cli.Streams;

/// <summary>A file that a command writes as a whole.</summary>
/// <param name="Path">The path as it was given.</param>
internal sealed record OutputFile(string Path)
{
    /// <summary>Returns the reason that the file cannot be written; null when it can. Nothing is left behind.</summary>
    public string? Problem()
    {
        try
        {
            if (Directory.Exists(Path))
                return "it is a directory";
            if (IsStream)
            {
                using var stream = OpenStream();
                return null;
            }

            var probe = Neighbour();
            using (File.Open(probe, FileMode.CreateNew, FileAccess.Write))
                File.Delete(probe);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return exception.Message;
        }
    }

    /// <summary>Writes the file. A reader of it sees the earlier content or the whole new one.</summary>
    /// <exception cref="IOException">The disk is full, for example.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory can no longer be written.</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        if (IsStream)
        {
            using var stream = OpenStream();
            stream.Write(content);
            return;
        }

        var next = Neighbour();
        try
        {
            using (var stream = File.Open(next, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(next, Target, overwrite: true);
        }
        catch
        {
            File.Delete(next);
            throw;
        }
    }

    // A pipe or a device, such as /dev/stdout, is written to; nothing takes its place.
    private bool IsStream => FullPath.StartsWith("/dev/", StringComparison.Ordinal);

    private string FullPath => System.IO.Path.GetFullPath(Path);

    // What a link points to is replaced, not the link.
    private string Target => new FileInfo(FullPath).LinkTarget is null ? FullPath : File.ResolveLinkTarget(FullPath, returnFinalTarget: true)!.FullName;

    private FileStream OpenStream() => new(FullPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

    private string Neighbour() => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Target)!, $".{System.IO.Path.GetFileName(Target)}.{Guid.NewGuid():n}");
}
