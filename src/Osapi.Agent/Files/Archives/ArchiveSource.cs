using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Archives;

/// <summary>Opens the archive of an extraction: a file of the host, or a stored file.</summary>
internal static class ArchiveSource
{
    /// <exception cref="OperationException">There is no such archive, or it cannot be read.</exception>
    public static Task<FileStream> OpenAsync(ExtractArchive request, Host host, CancellationToken cancellationToken) =>
        request.Path is { } path ? Task.FromResult(HostErrors.Named(path.Value, () => OpenOnHost(request, host, path.Value))) : FetchAsync(request, host, cancellationToken);

    private static FileStream OpenOnHost(ExtractArchive request, Host host, string path)
    {
        host.RequireAllowed(path);
        using PathResolver walk = new(host.Root, path) { FollowLinks = request.FollowLinks == true };
        if (walk.ToFile(path) is not { } name)
            throw Missing(path);
        using var directory = walk.TakeHandle();
        host.RequireAllowed(directory, name);
        if (directory.Stat(name) is not { } stat)
            throw Missing(path);
        if (stat.Kind != FileKind.Regular)
            throw new OperationException(ErrorType.Conflict, $"{path} is {FileKindNames.Of(stat.Kind)}, and no archive");
        return new(directory.OpenSame(name, stat), FileAccess.Read, bufferSize: 64 * 1024);
    }

    // A zip is not read in its order, so all of it must be on the host.
    private static async Task<FileStream> FetchAsync(ExtractArchive request, Host host, CancellationToken cancellationToken)
    {
        var content = await FileContent.ReadAsync(new() { ObjectName = request.ObjectName, Path = request.Dest, ContentType = FileContentType.Raw }, host, cancellationToken);
        var spool = HostErrors.Named(request.Dest.Value, () => PrivateSpool.Open(host));
        try
        {
            await content.WriteAsync(spool, cancellationToken);
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    private static OperationException Missing(string path) => new(ErrorType.NotFound, $"{path}, the archive, does not exist");
}
