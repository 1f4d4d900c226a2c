using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Archives;

/// <summary>The directory that an archive is extracted to. Below it, no link is followed.</summary>
/// <param name="host">The host.</param>
/// <param name="request">The extraction.</param>
/// <param name="owner">The owner of what is created.</param>
/// <param name="root">The open directory; null when it is missing.</param>
internal sealed class ExtractionDirectory(Host host, ExtractArchive request, DesiredOwner owner, HostDirectory? root) : IDisposable
{
    private const int NewMode = 0x1ED; // 0755

    /// <summary>Opens the directory.</summary>
    /// <exception cref="OperationException">The agent's configuration denies it, or it cannot be opened.</exception>
    public static ExtractionDirectory Open(Host host, ExtractArchive request, DesiredOwner owner, bool create)
    {
        var path = request.Dest.Value;
        host.RequireTreeAllowed(path);
        var root = HostDirectory.Open(host, path, create, toWrite: true, request.FollowLinks == true);
        if (root is null)
            return new(host, request, owner, null);
        try
        {
            host.RequireTreeAllowed(RealPath.Of(host, root.Handle));
            return new(host, request, owner, root);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <summary>Opens the directory of a place; null when it is missing.</summary>
    /// <exception cref="OperationException">Something on the way is not a directory.</exception>
    public HostDirectory? OpenParent(IReadOnlyList<string> place, bool create)
    {
        if (root is null)
            return null;
        var current = DirectoryCalls.OpenAt(root.Handle, ".", OpenFlags.PathOnly | OpenFlags.OnlyDirectory);
        for (var at = 0; at < place.Count - 1; at++)
        {
            using var above = current;
            try
            {
                if (create && FileStatCalls.StatAt(above, place[at]) is null)
                    MakeDirectory(above, place[at], NewMode);
                current = DirectoryCalls.OpenAt(above, place[at], OpenFlags.PathOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow);
            }
            catch (HostFileException missing) when (missing.Error == ErrorNumber.NoEntry)
            {
                return null;
            }
            catch (HostFileException refused) when (refused.Error is ErrorNumber.NotDirectory or ErrorNumber.TooManyLinks)
            {
                throw new OperationException(ErrorType.Conflict, $"{Shown(place.Take(at + 1))} is not a directory, and links are not followed when an archive is extracted");
            }
        }

        return new(Shown(place), current);
    }

    /// <summary>Creates a directory with the desired owner.</summary>
    public void MakeDirectory(Microsoft.Win32.SafeHandles.SafeFileHandle parent, string name, int mode)
    {
        DirectoryCalls.MakeDirectory(parent, name, mode);
        using var made = DirectoryCalls.OpenAt(parent, name, OpenFlags.PathOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow);
        new AttributeChange(null, owner).Apply(made, FileStatCalls.StatOf(made));
    }

    /// <summary>Requires that the file system has room for new content.</summary>
    /// <exception cref="OperationException">It has not.</exception>
    public void RequireSpace(long bytes)
    {
        if (root is null)
            return;
        var space = host.SpaceAt(host.FullPath(RealPath.Of(host, root.Handle)));
        if (space.Available < bytes)
            throw new OperationException(ErrorType.Unavailable, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{request.Dest} has {space.Available} bytes free, and the archive needs {bytes}"));
    }

    /// <summary>Flushes everything that was written.</summary>
    public void Sync()
    {
        if (root is null)
            return;
        using var readable = DirectoryCalls.OpenAt(root.Handle, ".", OpenFlags.ReadOnly | OpenFlags.OnlyDirectory);
        OpenFileCalls.SyncFileSystem(readable);
    }

    /// <summary>Gets the path of a place, for messages.</summary>
    public string Shown(IEnumerable<string> place) => Path.Join(request.Dest.Value, string.Join('/', place));

    public void Dispose() => root?.Dispose();
}
