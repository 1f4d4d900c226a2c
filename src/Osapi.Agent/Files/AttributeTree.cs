using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;

namespace Osapi.Agent.Files;

/// <summary>The change of mode and owner of everything below a directory. Links are never followed, and mount points are not entered.</summary>
/// <param name="host">The host.</param>
/// <param name="change">The change.</param>
/// <param name="path">The path of the directory, for error messages.</param>
internal sealed class AttributeTree(Host host, AttributeChange change, string path)
{
    private readonly HashSet<string> differences = [];

    /// <summary>The number of entries below the directory that differ.</summary>
    public long Touched { get; private set; }

    /// <summary>The number of entries that are left because of their other names.</summary>
    public long Skipped { get; private set; }

    /// <summary>The names of the attributes that differ somewhere.</summary>
    public IEnumerable<string> Differences => ((string[])["mode", "owner", "group"]).Where(differences.Contains);

    /// <summary>Counts the differences.</summary>
    public void Look(HostDirectory parent, string name, FileStat seen, CancellationToken cancellationToken) => Walk(parent, name, seen, apply: false, cancellationToken);

    /// <summary>Changes what differs, a directory after what it contains.</summary>
    public void Change(HostDirectory parent, string name, FileStat seen, CancellationToken cancellationToken) => Walk(parent, name, seen, apply: true, cancellationToken);

    private void Walk(HostDirectory parent, string name, FileStat seen, bool apply, CancellationToken cancellationToken)
    {
        using var directory = DirectoryCalls.OpenAt(parent.Handle, name, OpenFlags.ReadOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow);
        if (!FileStatCalls.StatOf(directory).IsSame(seen))
            throw new FileExchangedException(name);
        new FileTree(path, "changed").Visit(directory, (above, entry) => Visit(above, entry, apply), cancellationToken);
    }

    private void Visit(SafeFileHandle directory, SafeFileHandle entry, bool apply)
    {
        var stat = FileStatCalls.StatOf(entry);
        var found = change.Differences(stat);
        if (found.Count == 0)
            return;
        host.RequireUserAllowed(stat.User);
        host.RequireUserAllowed(change.UserAfter(stat));
        if (IsShared(directory, stat))
        {
            Skipped += apply ? 0 : 1;
            return;
        }

        if (apply)
        {
            change.Apply(entry, stat);
            return;
        }

        differences.UnionWith(found);
        Touched++;
    }

    // A user could have given a file of somebody else a name in a directory of their own, to get rights to it.
    private bool IsShared(SafeFileHandle directory, FileStat stat) =>
        stat is { Kind: not FileKind.Directory, Links: > 1 }
        && (!FileStat.IsPrivilegedUser(change.UserAfter(stat)) || FileStatCalls.StatOf(directory) is not { IsPrivileged: true, IsWrittenByOwnerOnly: true });
}
