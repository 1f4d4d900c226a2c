using Microsoft.Win32.SafeHandles;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// Walks along a path of the host, one name at a time over open descriptors, so that no other user can redirect it by
/// exchanging a directory. It follows symbolic links as <see cref="SymlinkRule"/> allows.
/// </summary>
/// <param name="root">The root of the host's file tree.</param>
/// <param name="path">The requested path, for error messages.</param>
internal sealed class PathResolver(string root, string path) : IDisposable
{
    private const int NewDirectoryMode = 0x1ED; // 0755

    // The kernel's limit (path_resolution(7)).
    private const int MaxLinks = 40;

    private readonly Stack<Step> left = new();
    private SafeFileHandle current = DirectoryCalls.OpenRoot(root);
    private int links;

    /// <summary>True to follow links of users into other users' directories.</summary>
    public bool FollowLinks { get; init; }

    /// <summary>True to create missing directories.</summary>
    public bool Create { get; init; }

    /// <summary>The mode of created directories.</summary>
    public int Mode { get; init; } = NewDirectoryMode;

    /// <summary>True when a dangling link on the path is an error: nothing is created behind it, like mkdir(1).</summary>
    public bool ToWrite { get; init; }

    /// <summary>True while everybody may search every directory on the path.</summary>
    public bool IsPublic { get; private set; } = true;

    /// <summary>Walks to a directory; false when it does not exist.</summary>
    /// <exception cref="OperationException">
    /// A part of the path is not a directory, or is a link that is dangling or not followed.
    /// </exception>
    public bool To(string directory)
    {
        InspectLink(FileStatCalls.StatOf(current));
        Push(directory, link: null);
        return Advance();
    }

    /// <summary>Walks to the directory of a file, following the file's name while it is a symbolic link.</summary>
    /// <returns>The file's name there; null when the directory does not exist.</returns>
    /// <exception cref="OperationException">The same as for directories.</exception>
    public string? ToFile(string file)
    {
        if (!To(Path.GetDirectoryName(file)!))
            return null;
        var name = Path.GetFileName(file);
        while (FileStatCalls.StatAt(current, name)?.Kind == FileKind.Link)
        {
            using var link = DirectoryCalls.OpenAt(current, name, OpenFlags.PathOnly | OpenFlags.NoFollow);
            if (FileStatCalls.StatOf(link).Kind != FileKind.Link)
                continue;
            var target = Target(link, name);
            var last = Path.GetFileName(target);
            if (last is "" or "." or "..")
                throw Unreachable($"{name} is a symbolic link to a directory");
            Enter(target[..^last.Length], link, name);
            if (!Advance())
                return null;
            name = last;
        }

        return name;
    }

    /// <summary>Takes over the directory that was reached; the caller disposes it.</summary>
    public HostDirectory TakeHandle()
    {
        HostDirectory taken = new(path, current) { IsPublic = IsPublic };
        current = new(-1, ownsHandle: false);
        return taken;
    }

    public void Dispose() => current.Dispose();

    private bool Advance()
    {
        while (left.TryPop(out var step))
        {
            if (step.Owner is { } owner)
            {
                if (FileStatCalls.StatOf(current).User != owner)
                    throw SymlinkRule.Refused(owner, step.Link!, path);
                continue;
            }

            var next = Open(step);
            if (next is null)
                return ToWrite && step.Link is not null ? throw Unreachable($"{step.Link} on the path is a dangling symbolic link") : false;
            var stat = FileStatCalls.StatOf(next);
            if (stat.Kind == FileKind.Directory)
            {
                current.Dispose();
                current = next;
                InspectLink(stat);
                continue;
            }

            using (next)
            {
                if (stat.Kind != FileKind.Link)
                    throw Unreachable($"{step.Name} on the path is not a directory");
                Enter(Target(next, step.Name), next, step.Name);
            }
        }

        return true;
    }

    private string Target(SafeFileHandle link, string name) =>
        ++links <= MaxLinks ? DirectoryCalls.ReadLink(link) : throw Unreachable($"too many symbolic links on the path, including {name}");

    // Pushes the link's target before the rest of the path, followed by a check of the reached directory's owner.
    private void Enter(string target, SafeFileHandle link, string name)
    {
        if (SymlinkRule.RequiredTargetOwner(FileStatCalls.StatOf(current), FileStatCalls.StatOf(link), name, path) is { } owner && !FollowLinks)
            left.Push(new("", name, owner));
        if (target.StartsWith('/'))
        {
            current.Dispose();
            current = DirectoryCalls.OpenRoot(root);
        }

        Push(target, name);
    }

    // In reverse order, because it is a stack.
    private void Push(string names, string? link)
    {
        foreach (var name in names.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            left.Push(new(name, link, Owner: null));
    }

    private SafeFileHandle? Open(Step step)
    {
        try
        {
            return DirectoryCalls.OpenAt(current, step.Name, OpenFlags.PathOnly | OpenFlags.NoFollow);
        }
        catch (HostFileException missing) when (missing.Error == ErrorNumber.NoEntry)
        {
            if (!Create || step.Link is not null)
                return null;
            DirectoryCalls.MakeDirectory(current, step.Name, Mode);
            using (HostDirectory parent = new(".", DirectoryCalls.OpenAt(current, ".", OpenFlags.PathOnly | OpenFlags.OnlyDirectory)))
                parent.Sync();
            return DirectoryCalls.OpenAt(current, step.Name, OpenFlags.PathOnly | OpenFlags.NoFollow);
        }
        catch (HostFileException refused) when (refused.Error == ErrorNumber.NotDirectory)
        {
            throw Unreachable("something on the path is not a directory");
        }
    }

    private void InspectLink(FileStat directory) => IsPublic = IsPublic && FileAccessRights.IsSearchableByAll(current, directory);

    private OperationException Unreachable(string reason) => new(ErrorType.Conflict, $"{path} cannot be reached: {reason}");

    /// <summary>A name to walk to; or, with an owner, a check of the owner of the directory that a link has led to.</summary>
    private readonly record struct Step(string Name, string? Link, uint? Owner);
}
