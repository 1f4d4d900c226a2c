using System.Globalization;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Files;

/// <summary>Copies the previous content of a file to a backup beside it.</summary>
/// <remarks>The backup's owner and mode are taken from the same open file that the content is copied from.</remarks>
internal static class FileBackup
{
    // So many names within one millisecond exist only when they were created on purpose.
    private const int MaxNumber = 100;

    /// <summary>Copies the inspected file.</summary>
    /// <returns>The backup's name.</returns>
    /// <exception cref="FileExchangedException">Another file has taken its place.</exception>
    public static async Task<string> MakeAsync(HostDirectory directory, string name, FileStat seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var file = directory.OpenSame(name, seen);
        var stat = FileStatCalls.StatOf(file);
        var mode = FileAccessRights.ModeWithoutList(file, stat);
        var backup = FreeName(directory, $"{name}.{now.ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture)}");
        await new FileReplacement(directory, backup) { Placement = RenamePolicy.Over(null) }.RunAsync(
            async (stream, stop) =>
            {
                var buffer = new byte[128 * 1024];
                for (long at = 0; at < stat.Size && await RandomAccess.ReadAsync(file, buffer, at, stop) is > 0 and var count; at += count)
                    await stream.WriteAsync(buffer.AsMemory(0, count), stop);
            },
            mode, stat.User, stat.Group, cancellationToken);
        var after = FileStatCalls.StatOf(file);
        if ((after.Mode, after.User, after.Group) == (stat.Mode, stat.User, stat.Group))
            return backup;
        // The backup may hold content written after the file was closed to other users.
        DirectoryCalls.Unlink(directory.Handle, backup);
        throw new FileExchangedException(name);
    }

    private static string FreeName(HostDirectory directory, string wanted)
    {
        if (directory.Stat(wanted) is null)
            return wanted;
        for (var number = 1; number <= MaxNumber; number++)
            if (directory.Stat($"{wanted}.{number}") is null)
                return $"{wanted}.{number}";
        throw new OperationException(ErrorType.Conflict, $"there is no free name for a backup: {wanted} and {MaxNumber} more are taken");
    }
}
