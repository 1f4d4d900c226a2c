using System.Text;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>Replaces a small text file of the machine atomically, even across a power cut.</summary>
internal static class TextReplacement
{
    private const int NewFileMode = 0x1A4; // 0644

    /// <summary>
    /// Reads a file as text with one character per byte, so that invalid UTF-8 is preserved; null when there is no such
    /// file.
    /// </summary>
    /// <exception cref="OperationException">The file cannot be read.</exception>
    public static string? ReadExactly(this Host host, string path) => host.ReadSmall(path) is { } bytes ? Encoding.Latin1.GetString(bytes) : null;

    /// <summary>
    /// Writes text as <see cref="ReadExactly"/> returns it, to a temporary file that is renamed and keeps the
    /// permissions.
    /// </summary>
    /// <remarks>
    /// A file that is a mount point, as resolv.conf is in containers, cannot be renamed over (EBUSY, rename(2)) and is
    /// written in place. A link into a missing directory is replaced itself.
    /// </remarks>
    /// <returns>True when it was written in place.</returns>
    /// <exception cref="OperationException">The file cannot be written.</exception>
    public static async Task<bool> ReplaceAsync(this Host host, string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            return await FileExchanges.RetryAsync(path, () => AttemptAsync(host, path, Encoding.Latin1.GetBytes(text), cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var cause = exception is HostFileException { Error: ErrorNumber.AccessDenied } or UnauthorizedAccessException ? "permission denied" : exception.Message.ReplaceLineEndings(" ");
            throw new OperationException(ErrorType.Failed, $"{path} cannot be written: {cause}");
        }
    }

    private static async Task<bool> AttemptAsync(Host host, string path, byte[] bytes, CancellationToken cancellationToken)
    {
        var (directory, name) = Locate(host, path);
        using (directory)
        {
            var found = directory.Stat(name);
            var isFile = found is { Kind: FileKind.Regular };
            if (found is not null && found is not { Kind: FileKind.Regular or FileKind.Link })
                throw new IOException("it is not a regular file");
            return await new FileReplacement(directory, name) { Placement = RenamePolicy.Over(found) }.RunAsync(
                (stream, stop) => stream.WriteAsync(bytes, stop).AsTask(),
                isFile ? found!.Value.Mode : NewFileMode, isFile ? found!.Value.User : null, isFile ? found!.Value.Group : null, cancellationToken);
        }
    }

    private static (HostDirectory Directory, string Name) Locate(Host host, string path)
    {
        host.RequireAllowed(path);
        using PathResolver walk = new(host.Root, path);
        if (walk.ToFile(path) is { } name)
            return (walk.TakeHandle(), name);
        return (HostDirectory.OpenParent(host, path, create: false) ?? throw new IOException("its directory does not exist"), Path.GetFileName(path));
    }
}
