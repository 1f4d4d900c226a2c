using System.Security.Cryptography;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations.Checks;

namespace Osapi.Agent.Files;

/// <summary>A file as it is on the host.</summary>
/// <param name="Stat">What the file system knows of it.</param>
/// <param name="Sha256">The SHA-256 of its content; null for anything but a regular file.</param>
/// <param name="Bytes">The content, when it is small.</param>
internal sealed record CurrentFile(FileStat Stat, string? Sha256, byte[]? Bytes)
{
    // How much a file may grow while it is read before the rest is left out: one that is written to all the time has no end.
    private const int MaxGrowth = 1024 * 1024;

    /// <summary>True when everybody on the host may read it.</summary>
    public bool IsPublic { get; private init; }

    /// <summary>The mode that gives a file without an access control list the rights that this one gives.</summary>
    public int PlainMode { get; private init; }

    /// <summary>Its content as a check compares it.</summary>
    public FileVersion Version => new(Stat.Size, Sha256, Bytes);

    /// <summary>Looks at a name in a directory; null when there is none. A symbolic link is looked at itself.</summary>
    /// <exception cref="FileExchangedException">It was exchanged for another file meanwhile.</exception>
    public static async Task<CurrentFile?> ReadAsync(HostDirectory directory, string name, CancellationToken cancellationToken)
    {
        if (directory.Stat(name) is not { } named)
            return null;
        if (named.Kind != FileKind.Regular)
            return new(named, null, null) { PlainMode = named.Mode };

        var file = directory.OpenSame(name, named);
        await using FileStream stream = new(file, FileAccess.Read, bufferSize: 0);
        var stat = Libc.StatOf(file);
        var (sha256, bytes) = await ContentAsync(stream, stat.Size, cancellationToken);
        return new(stat, sha256, bytes)
        {
            IsPublic = directory.IsPublic && FileAccessRights.IsReadableByAll(file, stat),
            PlainMode = FileAccessRights.ModeWithoutList(file, stat),
        };
    }

    /// <summary>What is not as it should be, by name; what is null should be as it is.</summary>
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
