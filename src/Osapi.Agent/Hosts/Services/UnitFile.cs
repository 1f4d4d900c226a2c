using System.Text;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Services;

/// <summary>The unit files that administrators, and this agent, write.</summary>
internal static class UnitFile
{
    /// <summary>The directory of the unit files of the machine's administrators, which precede those of packages.</summary>
    public const string Directory = "/etc/systemd/system";

    /// <summary>The first line of files that the agent wrote.</summary>
    public const string Mark = "# Written by osapi for service.unit.update. Changes made by hand are overwritten.";

    private static readonly string[] OtherDirectories = ["/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    /// <summary>Gets the path of a unit file or drop-in that the agent writes.</summary>
    public static string PathOf(string unit, string? dropIn) => dropIn is null ? $"{Directory}/{unit}" : $"{Directory}/{unit}.d/{dropIn}";

    /// <summary>True when a package, or the running system, has a unit file of this name too.</summary>
    public static bool IsElsewhere(Host host, string unit) => OtherDirectories.Any(directory => File.Exists(host.FullPath($"{directory}/{unit}")));

    /// <summary>True when a file on the disk, or an init script, defines the unit, which systemd may not have read yet.</summary>
    public static bool IsOnDisk(Host host, string unit) =>
        IsElsewhere(host, unit) || File.Exists(host.FullPath($"{Directory}/{unit}"))
        || (unit.EndsWith(".service", StringComparison.Ordinal) && File.Exists(host.FullPath($"/etc/init.d/{unit[..^".service".Length]}")));

    /// <summary>True when the agent wrote the file.</summary>
    public static bool IsManaged(Host host, string? path)
    {
        if (path?.StartsWith(Directory + "/", StringComparison.Ordinal) != true)
            return false;
        try
        {
            using FileStream file = new(host.FullPath(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var start = new byte[Mark.Length];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && IsMarked(Encoding.Latin1.GetString(start));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>True when a text begins with the mark of files that the agent wrote.</summary>
    public static bool IsMarked(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>Gets the destination of a link; null when the path is none.</summary>
    public static string? LinkAt(Host host, string path) => new FileInfo(host.FullPath(path)).LinkTarget;

    /// <summary>Requires that the path is free, or a regular file.</summary>
    /// <exception cref="OperationException">A link is there, as for a masked unit.</exception>
    public static void RequireFile(Host host, string unit, string path)
    {
        if (LinkAt(host, path) is { } destination)
            throw new OperationException(ErrorType.Conflict, destination == "/dev/null"
                ? $"{unit} is masked: {path} leads to /dev/null"
                : $"{path} is a link to {destination}, and is not replaced");
        if (System.IO.Directory.Exists(host.FullPath(path)))
            throw new OperationException(ErrorType.Conflict, $"{path} is a directory");
    }
}
