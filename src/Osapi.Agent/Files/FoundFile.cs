using System.Security.Cryptography;
using Osapi.Agent.Hosts;
using Osapi.Operations.Checks;

namespace Osapi.Agent.Files;

/// <summary>A file as it is on the host.</summary>
/// <param name="Stat">What the file system knows of it.</param>
/// <param name="Sha256">The SHA-256 of its content; null for anything but a regular file.</param>
/// <param name="Bytes">The content, when it is small.</param>
internal sealed record FoundFile(FileStat Stat, string? Sha256, byte[]? Bytes)
{
    /// <summary>Its content as a check compares it.</summary>
    public FileVersion Version => new(Stat.Size, Sha256, Bytes);

    /// <summary>Looks at a name in a directory; null when there is none. A symbolic link is looked at itself.</summary>
    public static async Task<FoundFile?> ReadAsync(HostDirectory directory, string name, CancellationToken cancellationToken)
    {
        if (directory.Stat(name) is not { } named)
            return null;
        if (named.Kind != FileKind.Regular)
            return new(named, null, null);

        var file = directory.OpenToRead(name);
        await using FileStream stream = new(file, FileAccess.Read, bufferSize: 0);
        // What was opened counts: it may not be what was there a moment before.
        var stat = Libc.StatOf(file);
        if (stat.Kind != FileKind.Regular)
            return new(stat, null, null);
        if (stat.Size > FileContent.KeptBelow)
            return new(stat, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)), null);
        MemoryStream kept = new();
        await stream.CopyToAsync(kept, cancellationToken);
        var bytes = kept.ToArray();
        return new(stat, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
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
}
