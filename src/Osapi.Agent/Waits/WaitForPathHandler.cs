using System.Text;
using Osapi.Agent.Files;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Waits;

namespace Osapi.Agent.Waits;

/// <summary>Runs <see cref="WaitForPath"/> on this host.</summary>
internal static class WaitForPathHandler
{
    private const int MaxSearched = 16 * 1024 * 1024;

    public static async Task<PathWaitResult> HandleAsync(WaitForPath request, Host host, CancellationToken cancellationToken)
    {
        var path = request.Path.Value;
        var state = request.State ?? PathState.Present;
        WaitLoop loop = new(host, $"{path} is {(state == PathState.Absent ? "still there" : request.Contains is null && request.Type is null ? "not there" : "not as it should be")}")
        {
            Limit = TimeSpan.FromSeconds(request.Timeout ?? 300),
            Interval = TimeSpan.FromSeconds(request.Interval ?? 1),
        };
        long? size = null;
        var (waited, attempts) = await loop.RunAsync(stop => HostErrors.NamedAsync<string?>(path, async () =>
        {
            host.RequireAllowed(path);
            // Nothing is written: links of users are followed, like by file.stat.get.
            using PathResolver walk = new(host.Root, path) { FollowLinks = true };
            var name = walk.ToFile(path);
            using var directory = walk.TakeHandle();
            if (name is not null)
                host.RequireAllowed(directory, name);
            var stat = name is null ? null : directory.Stat(name);
            size = stat?.Size;
            if (stat is not { } found)
                return state == PathState.Absent ? null : "it does not exist";
            if (state == PathState.Absent || (request.Type is { } type && found.Kind != KindOf(type)))
                return $"there is {FileKindNames.Of(found.Kind)}";
            return request.Contains is { } pattern ? await SearchAsync(directory, name!, pattern, host, stop) : null;
        }), cancellationToken);
        return new() { State = state, WaitedMs = waited, Attempts = attempts, Size = size };
    }

    // Null when it was found.
    private static async Task<string?> SearchAsync(HostDirectory directory, string name, TextPattern pattern, Host host, CancellationToken stop)
    {
        using var file = directory.OpenToRead(name);
        var stat = FileStatCalls.StatOf(file);
        if (stat.Kind != FileKind.Regular)
            return $"there is {FileKindNames.Of(stat.Kind)}, whose content is not read";
        if (!host.ShowsContent && !(directory.IsPublic && FileAccessRights.IsReadableByAll(file, stat)))
            throw new OperationException(ErrorType.Denied, $"{name} is not readable for every user of the host: the permission file:content is required to search it");
        if (stat.Size > MaxSearched)
            throw new OperationException(ErrorType.Conflict, $"{name} is larger than 16 MiB, and is not searched");
        var bytes = new byte[(int)stat.Size];
        var length = 0;
        while (length < bytes.Length && await RandomAccess.ReadAsync(file, bytes.AsMemory(length), length, stop) is > 0 and var count)
            length += count;
        return pattern.Regex.IsMatch(Encoding.UTF8.GetString(bytes, 0, length)) ? null : "it does not contain the text";
    }

    private static FileKind KindOf(PathKind kind) => kind switch
    {
        PathKind.File => FileKind.Regular,
        PathKind.Directory => FileKind.Directory,
        _ => FileKind.Socket,
    };
}
