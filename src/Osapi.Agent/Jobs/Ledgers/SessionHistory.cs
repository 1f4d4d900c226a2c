using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>
/// The earlier sessions of the agent that are known to have ended: those that began in this directory since the host
/// booted.
/// </summary>
/// <remarks>
/// The holder of the directory's lock on the same boot knows that they have ended. For a session on
/// another boot, or in a copy of the directory, that is unknown: it may still be running. The file <c>sessions</c> holds the boot id,
/// the device and inode of the directory, and the sessions, oldest first. It is not flushed: a power cut loses only
/// sessions of an earlier boot.
/// </remarks>
internal sealed partial class SessionHistory
{
    /// <summary>The number of sessions kept. An older one counts as possibly running, which is the safe side.</summary>
    internal const int MaxSessions = 256;

    private const int MaxFileSize = 64 * 1024;

    private readonly HashSet<string> ended;

    private SessionHistory(bool isProven, HashSet<string> ended) => (IsProven, this.ended) = (isProven, ended);

    /// <summary>
    /// True when the last session of this ledger is known to have ended, or there was none. Otherwise this may be a
    /// copy of a machine or a directory whose agent still runs.
    /// </summary>
    public bool IsProven { get; }

    /// <summary>True when a session is known to have ended.</summary>
    public bool HasEnded(string? session) => session is not null && ended.Contains(session);

    /// <summary>Reads the ended sessions, and adds the new one to the file.</summary>
    /// <param name="directory">The directory, which this process has locked.</param>
    /// <param name="isNew">True when the ledger was just created, so that it cannot be a copy.</param>
    /// <param name="session">The id of the new session.</param>
    /// <param name="bootId">The boot id; null when unknown.</param>
    /// <param name="logger">The logger for a file that cannot be written.</param>
    public static SessionHistory Begin(LedgerDirectory directory, bool isNew, string session, string? bootId, ILogger logger)
    {
        var place = bootId is not null && directory.IsExclusive ? Place(bootId, directory.Identity) : null;
        var known = Read(directory.SessionsFile, place);
        try
        {
            directory.WriteSessions([.. place ?? ["boot unknown", "directory unknown"], .. (known ?? []).TakeLast(MaxSessions - 1), session]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start then asks for a heartbeat.
            LogNotWritten(logger, directory.SessionsFile, exception.Message);
        }

        return new(isNew || known is not null, [.. known ?? []]);
    }

    private static string[] Place(string bootId, (ulong Device, ulong Inode) directory) =>
        [$"boot {bootId}", string.Create(CultureInfo.InvariantCulture, $"directory {directory.Device:x}:{directory.Inode}")];

    // Null when the file is of another boot or directory, or cannot be read.
    private static List<string>? Read(string file, string[]? place)
    {
        try
        {
            if (place is null || new FileInfo(file) is not { Exists: true, Length: <= MaxFileSize })
                return null;
            var lines = File.ReadAllLines(file);
            return lines.Length > place.Length && lines.AsSpan(0, place.Length).SequenceEqual(place) ? [.. lines.Skip(place.Length)] : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sessions of this agent cannot be written to {File}, so its next start takes a second longer: {Reason}")]
    private static partial void LogNotWritten(ILogger logger, string file, string reason);
}
