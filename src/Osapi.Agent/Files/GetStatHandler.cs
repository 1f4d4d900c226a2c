using System.Security.Cryptography;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="GetStat"/> on this host.</summary>
internal static class GetStatHandler
{
    public static async Task<StatResult> HandleAsync(GetStat request, Host host, CancellationToken cancellationToken)
    {
        List<PathStat> files = [];
        foreach (var path in request.Paths)
        {
            host.RequireAllowed(path.Value);
            try
            {
                files.Add(await StatAsync(request, path.Value, host, cancellationToken));
            }
            catch (Exception unreachable) when (unreachable is IOException or UnauthorizedAccessException or OperationException { Type: ErrorType.Conflict })
            {
                files.Add(new() { Path = path.Value, Problem = unreachable.Message.ReplaceLineEndings(" ") });
            }
        }

        return new() { Files = files };
    }

    private static async Task<PathStat> StatAsync(GetStat request, string path, Host host, CancellationToken cancellationToken)
    {
        // Only read, and shown to the caller: links of users are followed.
        using PathResolver walk = new(host.Root, path) { FollowLinks = true };
        var name = request.Follow != false ? walk.ToFile(path) : walk.To(Path.GetDirectoryName(path)!) ? Path.GetFileName(path) : null;
        if (name is null)
            return new() { Path = path };
        using var directory = walk.TakeHandle();
        host.RequireAllowed(directory, name);
        if (directory.Stat(name) is not { } stat)
            return new() { Path = path };
        return new()
        {
            Path = path,
            Exists = true,
            Type = TypeOf(stat.Kind),
            Size = stat.Size,
            Mode = OctalMode.Format(stat.Mode),
            Owner = Accounts.UserName(stat.User),
            Group = Accounts.GroupName(stat.Group),
            Uid = stat.User,
            Gid = stat.Group,
            Links = stat.Links,
            Inode = stat.Version.Inode,
            Modified = Time(stat.Version.Modified),
            ChangedAt = Time(stat.Version.Changed),
            Destination = stat.Kind == FileKind.Link ? Destination(directory, name) : null,
            Sha256 = request.Checksum == true && stat.Kind == FileKind.Regular ? await ChecksumAsync(directory, name, stat, cancellationToken) : null,
        };
    }

    private static string Destination(HostDirectory directory, string name)
    {
        using var link = DirectoryCalls.OpenAt(directory.Handle, name, OpenFlags.PathOnly | OpenFlags.NoFollow);
        return DirectoryCalls.ReadLink(link);
    }

    private static async Task<string> ChecksumAsync(HostDirectory directory, string name, FileStat stat, CancellationToken cancellationToken)
    {
        using var file = directory.OpenToRead(name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        // To the size that was seen: a file that grows all the time has no end.
        for (long at = 0; at < stat.Size && await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(buffer.Length, stat.Size - at)), at, cancellationToken) is > 0 and var count; at += count)
            hash.AppendData(buffer, 0, count);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    private static string TypeOf(FileKind kind) => kind switch
    {
        FileKind.Regular => "file",
        FileKind.Directory => "directory",
        FileKind.Link => "link",
        FileKind.Socket => "socket",
        FileKind.Pipe => "fifo",
        FileKind.BlockDevice => "block",
        _ => "char",
    };
}
