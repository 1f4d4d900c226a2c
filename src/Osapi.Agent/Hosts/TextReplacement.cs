using System.Text;
using Osapi.Agent.Jobs;
using Osapi.Operations;

namespace Osapi.Agent.Hosts;

/// <summary>Replaces a small text file of the machine so that nobody ever reads half of it, now or after a power cut.</summary>
internal static class TextReplacement
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>
    /// A file's text, one character for each byte, so that what is not UTF-8 in a comment comes out as it went in; null when
    /// there is no such file.
    /// </summary>
    /// <exception cref="OperationException">It cannot be read.</exception>
    public static string? ReadExactly(this Host host, string path)
    {
        try
        {
            return File.Exists(host.Full(path)) ? Encoding.Latin1.GetString(File.ReadAllBytes(host.Full(path))) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperationException(ErrorType.Unavailable, $"{path} cannot be read: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>
    /// Writes text as <see cref="ReadExactly"/> gives it. Writes beside the file and renames, keeping the file's permissions. A file that something is mounted on, as containers
    /// have their resolv.conf, cannot be renamed over (EBUSY, rename(2)) and is written in place.
    /// </summary>
    /// <returns>True when it was written in place.</returns>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public static bool Replace(this Host host, string path, string text)
    {
        var file = host.Full(path);
        var beside = $"{file}.osapi-{Guid.NewGuid():N}";
        try
        {
            var mode = File.Exists(file) ? File.GetUnixFileMode(file) : Readable;
            Write(beside, text, FileMode.CreateNew);
            File.SetUnixFileMode(beside, mode);
            try
            {
                File.Move(beside, file, overwrite: true);
            }
            catch (IOException) when (IsMountPoint(host, path))
            {
                File.Delete(beside);
                Write(file, text, FileMode.Truncate);
                return true;
            }

            LedgerDisk.FlushDirectory(Path.GetDirectoryName(file)!);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Forget(beside);
            var cause = exception is UnauthorizedAccessException ? "permission denied" : exception.Message.ReplaceLineEndings(" ");
            throw new OperationException(ErrorType.Failed, $"{path} cannot be written: {cause}");
        }
    }

    /// <summary>True when something is mounted on the very path.</summary>
    internal static bool IsMountPoint(Host host, string path) =>
        host.ReadFirst("/proc/self/mountinfo") is { } table && Mount.ParseAll(table).Any(mount => mount.Point == path);

    private static void Write(string file, string text, FileMode mode)
    {
        using FileStream stream = new(file, mode, FileAccess.Write);
        stream.Write(Encoding.Latin1.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }

    private static void Forget(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It was never made, or the directory cannot be written, which is what the error says.
        }
    }
}
