using System.Security.Cryptography;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations.Checks;

namespace Osapi.Agent.Files;

/// <summary>The current state of a file on the host.</summary>
/// <param name="Stat">The file system's metadata.</param>
/// <param name="Sha256">The SHA-256 of its content; null for anything but a regular file.</param>
/// <param name="Bytes">The content, if it is small.</param>
internal sealed record CurrentFile(FileStat Stat, string? Sha256, byte[]? Bytes)
{
    // The growth allowed while a file is read; the rest is ignored, because a file under constant writes has no end.
    private const int MaxGrowth = 1024 * 1024;

    /// <summary>True when the file is world-readable.</summary>
    public bool IsPublic { get; private init; }

    /// <summary>The mode that grants a file without an access control list the rights that this file grants.</summary>
    public int PlainMode { get; private init; }

    /// <summary>The content in the form that a check compares.</summary>
    public FileVersion Version => new(Stat.Size, Sha256, Bytes);

    /// <summary>Reads a file of a directory; null when there is none. A symbolic link is not followed.</summary>
    /// <exception cref="FileExchangedException">The file was exchanged for another one meanwhile.</exception>
    public static async Task<CurrentFile?> ReadAsync(HostDirectory directory, string name, CancellationToken cancellationToken)
    {
        if (directory.Stat(name) is not { } named)
            return null;
        if (named.Kind != FileKind.Regular)
            return new(named, null, null) { PlainMode = named.Mode };

        var file = directory.OpenSame(name, named);
        await using FileStream stream = new(file, FileAccess.Read, bufferSize: 0);
        var stat = FileStatCalls.StatOf(file);
        var (sha256, bytes) = await ContentAsync(stream, stat.Size, cancellationToken);
        return new(stat, sha256, bytes)
        {
            IsPublic = directory.IsPublic && FileAccessRights.IsReadableByAll(file, stat),
            PlainMode = FileAccessRights.ModeWithoutList(file, stat),
        };
    }

    /// <summary>Gets the names of the settings that differ from the desired ones; null means unchanged.</summary>
    public IReadOnlyList<string> Differences(string sha256, int? mode, uint? user, uint? group)
    {
        List<string> differences = [];
        if (Stat.Kind != FileKind.Regular)
            return ["type"];
        if (Sha256 != sha256)
            differences.Add("content");
        if (mode is not null && Stat.Mode != mode)
            differences.Add("mode");
        if (user is not null && Stat.User != user)
            differences.Add("owner");
        if (group is not null && Stat.Group != group)
            differences.Add("group");
        return differences;
    }

    private static async Task<(string Sha256, byte[]? Bytes)> ContentAsync(Stream stream, long size, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        MemoryStream? kept = size <= FileContent.InMemoryLimit ? new() : null;
        var buffer = new byte[128 * 1024];
        long total = 0;
        while (total < size + MaxGrowth && await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            kept?.Write(buffer, 0, count);
            total += count;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), kept?.ToArray());
    }
}
