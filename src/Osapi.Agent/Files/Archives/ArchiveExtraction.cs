using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Archives;

/// <summary>Compares the entries of an archive with a directory, and writes those that differ.</summary>
/// <param name="host">The host.</param>
/// <param name="request">The extraction.</param>
/// <param name="owner">The desired owner.</param>
internal sealed class ArchiveExtraction(Host host, ExtractArchive request, DesiredOwner owner)
{
    private const int NewFileMode = 0x1A4, NewDirectoryMode = 0x1ED, Permissions = 0x1FF; // 0644, 0755, 0777

    /// <summary>The number of entries that were written, also by attempts that were given up.</summary>
    public long Written { get; private set; }

    /// <summary>Compares everything, and writes nothing.</summary>
    /// <exception cref="OperationException">The archive is refused, or something is in the way.</exception>
    public async Task<ExtractionPlan> CompareAsync(FileStream archive, ExtractionDirectory directory, CancellationToken cancellationToken)
    {
        ExtractionPlan plan = new();
        EntryPlaces places = new(request);
        host.RequireUserAllowed(owner.User ?? Accounts.EffectiveUser);
        await ArchiveFormat.ReadAsync(archive, async (entry, content) =>
        {
            if (places.Find(entry) is not { } place || await IsKeptAsync(directory, place, entry) is true)
            {
                plan.Skipped++;
                return;
            }

            plan.Entries++;
            plan.Bytes += entry.Size;
            using var parent = directory.OpenParent(place, create: false);
            var found = parent?.Stat(place[^1]);
            if (found is { } stat)
                RequireReplaceable(directory, place, entry, stat);
            var target = entry.Kind == ArchiveEntryKind.HardLink ? places.FindTarget(entry) : null;
            if (found is { } there && !IsRewritten(plan, target) && !await DiffersAsync(directory, parent!, place, target, entry, there, content, cancellationToken))
                return;
            plan.Differing[string.Join('/', place)] = found is null;
            plan.DifferingBytes += entry.Size;
        }, cancellationToken);
        return plan;
    }

    /// <summary>Writes what differs.</summary>
    /// <exception cref="OperationException">The archive is not the one that was compared, or something is in the way now.</exception>
    public async Task WriteAsync(FileStream archive, ExtractionDirectory directory, ExtractionPlan plan, CancellationToken cancellationToken)
    {
        EntryPlaces places = new(request);
        HashSet<string> written = [];
        List<(string[] Place, ArchiveEntry Entry)> directories = [];
        await ArchiveFormat.ReadAsync(archive, async (entry, content) =>
        {
            if (places.Find(entry) is not { } place || !plan.Differing.TryGetValue(string.Join('/', place), out var isNew))
                return;
            written.Add(string.Join('/', place));
            using var parent = directory.OpenParent(place, create: true) ?? throw new FileExchangedException(place[^1]);
            if (parent.Stat(place[^1]) is { } stat)
                RequireReplaceable(directory, place, entry, stat);
            switch (entry.Kind)
            {
                case ArchiveEntryKind.Directory:
                    // What it contains is written first: its mode may forbid that.
                    if (parent.Stat(place[^1]) is null)
                        directory.MakeDirectory(parent.Handle, place[^1], NewDirectoryMode);
                    directories.Add((place, isNew ? entry : entry with { Mode = null }));
                    break;
                case ArchiveEntryKind.File:
                    await WriteFileAsync(parent, place[^1], entry, content, cancellationToken);
                    break;
                case ArchiveEntryKind.Link:
                    Place(parent, place[^1], temporary => DirectoryCalls.MakeLink(parent.Handle, temporary, entry.Target!));
                    break;
                default:
                    var target = places.FindTarget(entry);
                    using (var other = directory.OpenParent(target, create: false) ?? throw new FileExchangedException(target[^1]))
                        Place(parent, place[^1], temporary => DirectoryCalls.MakeHardLink(other.Handle, target[^1], parent.Handle, temporary));
                    break;
            }

            Written++;
        }, cancellationToken);
        if (written.Count != plan.Differing.Count)
            throw new OperationException(ErrorType.Conflict, "the archive was changed while it was extracted");
        foreach (var (place, entry) in directories.AsEnumerable().Reverse())
            SetDirectory(directory, place, entry);
    }

    private Task<bool> IsKeptAsync(ExtractionDirectory directory, string[] place, ArchiveEntry entry)
    {
        if (request.KeepNewer != true || entry.Kind != ArchiveEntryKind.File)
            return Task.FromResult(false);
        using var parent = directory.OpenParent(place, create: false);
        return Task.FromResult(parent?.Stat(place[^1]) is { Kind: FileKind.Regular } stat && stat.Version.Modified > (Nanoseconds(entry.Modified) ?? long.MaxValue));
    }

    private void RequireReplaceable(ExtractionDirectory directory, string[] place, ArchiveEntry entry, FileStat found)
    {
        var isSame = (entry.Kind, found.Kind) is (ArchiveEntryKind.File or ArchiveEntryKind.HardLink, FileKind.Regular) or (ArchiveEntryKind.Directory, FileKind.Directory) or (ArchiveEntryKind.Link, FileKind.Link);
        if (!isSame)
            throw new OperationException(ErrorType.Conflict, $"{directory.Shown(place)} is {FileKindNames.Of(found.Kind)} and is not replaced");
        host.RequireUserAllowed(found.User);
    }

    private async Task<bool> DiffersAsync(ExtractionDirectory directory, HostDirectory parent, string[] place, string[]? target, ArchiveEntry entry, FileStat found, EntryContent content, CancellationToken cancellationToken)
    {
        switch (entry.Kind)
        {
            case ArchiveEntryKind.Link:
                using (var link = DirectoryCalls.OpenAt(parent.Handle, place[^1], OpenFlags.PathOnly | OpenFlags.NoFollow))
                    return FileStatCalls.StatOf(link).Kind != FileKind.Link || DirectoryCalls.ReadLink(link) != entry.Target;
            case ArchiveEntryKind.HardLink:
                using (var other = directory.OpenParent(target!, create: false))
                    return other?.Stat(target![^1]) is not { } file || !file.IsSameInode(found);
            case ArchiveEntryKind.Directory:
                return new AttributeChange(request.Mode, owner).Differences(found).Count > 0;
            default:
                return found.Size != entry.Size || ModeOf(entry, found) != found.Mode || new AttributeChange(null, owner).Differences(found).Count > 0
                    || !await HasContentAsync(parent, place[^1], found, content, cancellationToken);
        }
    }

    // A file that is replaced loses its other names.
    private static bool IsRewritten(ExtractionPlan plan, string[]? target) => target is not null && plan.Differing.ContainsKey(string.Join('/', target));

    private static async Task<bool> HasContentAsync(HostDirectory parent, string name, FileStat found, EntryContent content, CancellationToken cancellationToken)
    {
        using var file = parent.OpenSame(name, found);
        var (one, other) = (new byte[128 * 1024], new byte[128 * 1024]);
        for (long at = 0; await content.ReadAsync(one, cancellationToken) is > 0 and var count; at += count)
        {
            var read = 0;
            while (read < count && await RandomAccess.ReadAsync(file, other.AsMemory(read, count - read), at + read, cancellationToken) is > 0 and var more)
                read += more;
            if (!one.AsSpan(0, count).SequenceEqual(other.AsSpan(0, read)))
                return false;
        }

        return true;
    }

    private async Task WriteFileAsync(HostDirectory parent, string name, ArchiveEntry entry, EntryContent content, CancellationToken cancellationToken)
    {
        var found = parent.Stat(name);
        FileReplacement replacement = new(parent, name) { Placement = RenamePolicy.Over(found), Modified = Nanoseconds(entry.Modified), IsOneOfMany = true };
        await replacement.RunAsync(content.CopyToAsync, ModeOf(entry, found), owner.User ?? found?.User, owner.Group ?? found?.Group, cancellationToken);
    }

    private static void Place(HostDirectory parent, string name, Action<string> make)
    {
        var temporary = $".osapi-{Guid.NewGuid():N}";
        make(temporary);
        var made = parent.Stat(temporary) ?? throw new FileExchangedException(name);
        try
        {
            RenamePolicy.Over(parent.Stat(name)).Place(parent, temporary, name, made);
        }
        catch
        {
            if (parent.Stat(temporary) is { } left && left.IsSameInode(made))
                DirectoryCalls.Unlink(parent.Handle, temporary);
            throw;
        }
    }

    private void SetDirectory(ExtractionDirectory directory, string[] place, ArchiveEntry entry)
    {
        using var parent = directory.OpenParent(place, create: false) ?? throw new FileExchangedException(place[^1]);
        using var handle = DirectoryCalls.OpenAt(parent.Handle, place[^1], OpenFlags.PathOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow);
        if (entry.Mode is { } mode)
            AttributeCalls.ChangeMode(handle, mode & Permissions);
        new AttributeChange(request.Mode, owner).Apply(handle, FileStatCalls.StatOf(handle));
    }

    // Bits that let a program run as its owner are not taken over from an archive.
    private int ModeOf(ArchiveEntry entry, FileStat? found)
    {
        var mode = entry.Mode ?? found?.Mode ?? NewFileMode;
        return request.Mode?.Apply(mode & Permissions, isDirectory: false) ?? (mode & Permissions);
    }

    private static long? Nanoseconds(DateTimeOffset time) =>
        time.ToUnixTimeSeconds() is >= 0 and < 7_000_000_000 ? (time - DateTimeOffset.UnixEpoch).Ticks * 100 : null;
}
