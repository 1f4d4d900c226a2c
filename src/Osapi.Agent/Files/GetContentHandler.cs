using System.Text;
using System.Text.Unicode;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="GetContent"/> on this host.</summary>
internal static class GetContentHandler
{
    private const int DefaultBytes = 64 * 1024;

    public static Task<ContentResult> HandleAsync(GetContent request, Host host, CancellationToken cancellationToken)
    {
        var path = request.Path.Value;
        return HostErrors.NamedAsync(path, async () =>
        {
            host.RequireAllowed(path);
            using PathResolver walk = new(host.Root, path);
            if (walk.ToFile(path) is not { } name)
                throw new OperationException(ErrorType.NotFound, $"{path} does not exist");
            using var directory = walk.TakeHandle();
            host.RequireAllowed(directory, name);
            if (directory.Stat(name) is not { } found)
                throw new OperationException(ErrorType.NotFound, $"{path} does not exist");
            if (found.Kind != FileKind.Regular)
                throw new OperationException(ErrorType.Conflict, $"{path} is {FileKindNames.Of(found.Kind)}, whose content is not read");
            using var file = directory.OpenToRead(name);
            var stat = FileStatCalls.StatOf(file);
            if (stat.Kind != FileKind.Regular)
                throw new OperationException(ErrorType.Conflict, $"{path} was exchanged for {FileKindNames.Of(stat.Kind)}");
            var isPublic = directory.IsPublic && FileAccessRights.IsReadableByAll(file, stat);
            if (!host.ShowsContent && !isPublic)
                throw new OperationException(ErrorType.Denied, $"{path} is not readable for every user of the host: the permission file:content is required");

            var limit = request.MaxBytes ?? DefaultBytes;
            var buffer = new byte[limit + 1];
            var length = await ReadAsync(file, buffer, request.Offset ?? 0, cancellationToken);
            return Result(path, buffer.AsSpan(0, Math.Min(length, limit)), Math.Max(stat.Size, (request.Offset ?? 0) + length), isCut: length > limit) with { Restricted = isPublic ? null : true };
        });
    }

    // Files of /proc have no size, and give their content in pieces.
    private static async Task<int> ReadAsync(Microsoft.Win32.SafeHandles.SafeFileHandle file, byte[] buffer, long offset, CancellationToken cancellationToken)
    {
        var length = 0;
        while (length < buffer.Length && await RandomAccess.ReadAsync(file, buffer.AsMemory(length), offset + length, cancellationToken) is > 0 and var count)
            length += count;
        return length;
    }

    private static ContentResult Result(string path, Span<byte> bytes, long size, bool isCut)
    {
        ContentResult result = new() { Path = path, Size = size, Truncated = isCut };
        // A cut may have divided a character.
        var text = isCut ? WithoutPartialCharacter(bytes) : bytes;
        return Utf8.IsValid(text) ? result with { Content = Encoding.UTF8.GetString(text) } : result with { ContentBase64 = Convert.ToBase64String(bytes) };
    }

    private static Span<byte> WithoutPartialCharacter(Span<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
            if (bytes[^back] >= 0xC0)
                return Utf8.IsValid(bytes[^back..]) ? bytes : bytes[..^back];
        return bytes;
    }
}
