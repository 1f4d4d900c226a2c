using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Osapi.Agent.Files.Templates;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Checks;
using Osapi.Operations.Files;
using Osapi.Transport;

namespace Osapi.Agent.Files;

/// <summary>The desired content of a file.</summary>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal.</param>
/// <param name="Size">The size in bytes.</param>
internal abstract record FileContent(string Sha256, long Size)
{
    /// <summary>The maximum size of content kept in memory, in bytes; larger content is streamed.</summary>
    public const int InMemoryLimit = 1024 * 1024;

    /// <summary>The size; null when it is not known before the content is read.</summary>
    public virtual long? KnownSize => Size;

    /// <summary>The content, if it is small.</summary>
    public virtual byte[]? Bytes => null;

    /// <summary>The content in the form that a check compares.</summary>
    public FileVersion Version => new(Size, Sha256, Bytes);

    /// <summary>Writes the content to a stream.</summary>
    public abstract Task WriteAsync(Stream target, CancellationToken cancellationToken);

    /// <summary>Takes the content from the request or fetches the stored file, and renders it when it is a template.</summary>
    /// <exception cref="OperationException">There is no such stored file, or it cannot be rendered.</exception>
    public static async Task<FileContent> ReadAsync(DeployFile request, Host host, CancellationToken cancellationToken)
    {
        try
        {
            var content = request.Content is { } inline ? new InMemoryContent(Encoding.UTF8.GetBytes(inline))
                : request.CheckContent is { } given ? Given(given)
                : await StoredAsync(host.Files ?? throw new OperationException(ErrorType.Unavailable, "this agent has no object store"), NameOf(request), cancellationToken);
            return request.ContentType == FileContentType.Raw ? content : await RenderedAsync(request, content, host, cancellationToken);
        }
        catch (DamagedObjectException)
        {
            throw Mismatch(NameOf(request));
        }
        catch (TransportException exception)
        {
            throw new OperationException(ErrorType.Unavailable, $"the object store does not answer: {exception.Message}");
        }
    }

    private static InMemoryContent Given(string content)
    {
        var bytes = new byte[content.Length / 4 * 3];
        if (!Convert.TryFromBase64String(content, bytes, out var length) || length > InMemoryLimit)
            throw new OperationException(ErrorType.Invalid, $"check_content must be base64 of at most {InMemoryLimit} bytes");
        return new(bytes[..length]);
    }

    private static async Task<FileContent> StoredAsync(IObjects files, string name, CancellationToken cancellationToken)
    {
        // A stored file that is replaced between its lookup and its reading is looked up again.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var info = await files.FindAsync(name, cancellationToken) ?? throw Missing(name);
            if (info.Size > InMemoryLimit)
                return new StreamedContent(files, info);
            await using var stream = await files.OpenAsync(name, cancellationToken) ?? throw Missing(name);
            // No more than its description says, whatever the store delivers.
            var bytes = new byte[info.Size + 1];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            InMemoryContent content = new(bytes[..length]);
            if (content.Sha256 == info.Sha256)
                return content;
        }

        throw Mismatch(name);
    }

    private static async Task<FileContent> RenderedAsync(DeployFile request, FileContent content, Host host, CancellationToken cancellationToken) => new InMemoryContent(
        await FileTemplate.RenderAsync(
            NameOf(request),
            content.Bytes ?? throw new OperationException(ErrorType.Invalid, $"the template {NameOf(request)} has {content.Size} bytes; the maximum is {InMemoryLimit}"),
            AllVars(request), host, cancellationToken));

    private static JsonObject? AllVars(DeployFile request) => request.SecretVars is not { } secret ? request.Vars
        : new([.. (request.Vars ?? []).Concat(secret).Select(variable => KeyValuePair.Create(variable.Key, variable.Value?.DeepClone()))]);

    private static string NameOf(DeployFile request) => request.ObjectName?.Value ?? "content";

    private static OperationException Missing(string name) => new(ErrorType.NotFound, $"there is no file '{name}' in the object store");

    private static OperationException Mismatch(string name) => new(ErrorType.Unavailable, $"the content of '{name}' does not match its SHA-256: it was replaced meanwhile, or the object store is damaged");

    private sealed record InMemoryContent(byte[] Content) : FileContent(Convert.ToHexStringLower(SHA256.HashData(Content)), Content.Length)
    {
        public override byte[] Bytes => Content;

        public override Task WriteAsync(Stream target, CancellationToken cancellationToken) => target.WriteAsync(Content, cancellationToken).AsTask();
    }

    private sealed record StreamedContent(IObjects Files, ObjectInfo Info) : FileContent(Info.Sha256, Info.Size)
    {
        public override async Task WriteAsync(Stream target, CancellationToken cancellationToken)
        {
            try
            {
                await CopyAsync(target, cancellationToken);
            }
            catch (DamagedObjectException)
            {
                throw Mismatch(Info.Name);
            }
        }

        // Verified to its end before the caller puts it in its place.
        private async Task CopyAsync(Stream target, CancellationToken cancellationToken)
        {
            await using var stream = await Files.OpenAsync(Info.Name, cancellationToken) ?? throw Missing(Info.Name);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[128 * 1024];
            long length = 0;
            while (length <= Size && await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                length += count;
                hash.AppendData(buffer, 0, count);
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != Sha256)
                throw Mismatch(Info.Name);
        }
    }
}
