using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Checks;
using Osapi.Operations.Files;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Files;

/// <summary>The files that users stored.</summary>
internal sealed class FileStore(ITransport transport)
{
    // Uploads of one name run one after the other; a fixed number of locks for all names.
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async Task<FileList> ListAsync(CancellationToken cancellationToken)
    {
        var files = await transport.Files.ListAsync(cancellationToken);
        return new([.. files.Select(Stored)], files.Count);
    }

    public async Task<StoredFile> GetAsync(ObjectName name, CancellationToken cancellationToken) =>
        Stored(await transport.Files.FindAsync(name.Value, cancellationToken) ?? throw NotFound(name));

    public async Task<DeleteResult> DeleteAsync(ObjectName name, CancellationToken cancellationToken) =>
        await transport.Files.DeleteAsync(name.Value, cancellationToken) ? new(name.Value, Deleted: true) : throw NotFound(name);

    /// <summary>Opens a file: its description and content. The caller disposes it.</summary>
    public async Task<(ObjectInfo Info, Stream Content)> OpenAsync(ObjectName name, CancellationToken cancellationToken)
    {
        var info = await transport.Files.FindAsync(name.Value, cancellationToken) ?? throw NotFound(name);
        return (info, await transport.Files.OpenAsync(name.Value, cancellationToken) ?? throw NotFound(name));
    }

    /// <summary>Stores received content, unless an equal file exists; replaces a different file only with force.</summary>
    /// <exception cref="OperationException">A different file of this name exists.</exception>
    public async Task<UploadResult> StoreAsync(UploadFile request, ReceivedContent content, CancellationToken cancellationToken)
    {
        var (name, type) = (request.Name, TypeOf(request));
        var gate = gates[(uint)name.Value.GetHashCode(StringComparison.Ordinal) % gates.Length];
        await gate.WaitAsync(cancellationToken);
        try
        {
            var known = await transport.Files.FindAsync(name.Value, cancellationToken);
            if (!IsNew(request, content, known))
                return new(name.Value, content.Sha256, content.Size, Changed: false, type);
            await using var stream = content.Open();
            var stored = await transport.Files.PutAsync(name.Value, stream, SnakeCaseName.Of(type), cancellationToken);
            return new(name.Value, stored.Sha256, stored.Size, Changed: true, type);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Checks the changes that storing would make.</summary>
    /// <param name="request">The upload request.</param>
    /// <param name="content">Its content.</param>
    /// <param name="showsContent">True when the caller may see the content of stored files.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="OperationException">A different file of this name exists, and force is not set.</exception>
    public async Task<CheckResult> CheckStoreAsync(UploadFile request, ReceivedContent content, bool showsContent, CancellationToken cancellationToken)
    {
        var known = await transport.Files.FindAsync(request.Name.Value, cancellationToken);
        if (!IsNew(request, content, known))
            return new() { Changed = false };
        return new()
        {
            Changed = true,
            Diff = known?.Sha256 == content.Sha256 ? null : Difference(request.Name, await VersionAsync(known, cancellationToken), await content.VersionAsync(cancellationToken), showsContent),
            Before = known is null ? null : Settings(known.Sha256, known.Size, TypeOf(known), known.IsSealed),
            After = Settings(content.Sha256, content.Size, TypeOf(request), known?.IsSealed is null ? null : SealsNow),
        };
    }

    /// <summary>Checks the changes that deleting would make.</summary>
    /// <exception cref="OperationException">There is no such file.</exception>
    public async Task<CheckResult> CheckDeleteAsync(ObjectName name, bool showsContent, CancellationToken cancellationToken)
    {
        var known = await transport.Files.FindAsync(name.Value, cancellationToken) ?? throw NotFound(name);
        return new()
        {
            Changed = true,
            Diff = Difference(name, await VersionAsync(known, cancellationToken), after: null, showsContent),
            Before = Settings(known.Sha256, known.Size, TypeOf(known), known.IsSealed),
        };
    }

    // Shared by the upload and its check, so that both agree.
    private bool IsNew(UploadFile request, ReceivedContent content, ObjectInfo? known)
    {
        if (known is null)
            return true;
        if (known.Sha256 == content.Sha256 && TypeOf(known) == TypeOf(request))
            // The same content is stored again to seal it, and with force to make it readable for hosts without a key.
            return known.IsSealed is { } wasSealed && wasSealed != SealsNow && (SealsNow || request.Force == true);
        return request.Force == true ? true : throw new OperationException(ErrorType.Conflict, known.Sha256 == content.Sha256
            ? $"file {request.Name} already exists with the content type {SnakeCaseName.Of(TypeOf(known))}; use force to overwrite"
            : $"file {request.Name} already exists with different content; use force to overwrite");
    }

    private static string Difference(ObjectName name, FileVersion? before, FileVersion? after, bool showsContent) =>
        showsContent ? ContentDiff.Of(name.Value, before, after) : ContentDiff.SizesOf(name.Value, before, after);

    private async Task<FileVersion?> VersionAsync(ObjectInfo? info, CancellationToken cancellationToken)
    {
        if (info is null)
            return null;
        if (info.Size > ContentDiff.MaxSize || await transport.Files.OpenAsync(info.Name, cancellationToken) is not { } stream)
            return new(info.Size, info.Sha256, Bytes: null);
        await using (stream)
        {
            MemoryStream bytes = new();
            await stream.CopyToAsync(bytes, cancellationToken);
            return new(info.Size, info.Sha256, bytes.ToArray());
        }
    }

    // The state of the seal only where it is not as usual.
    private static JsonElement Settings(string sha256, long size, FileContentType type, bool? isSealed)
    {
        JsonObject settings = new() { ["sha256"] = sha256, ["size"] = size, ["content_type"] = SnakeCaseName.Of(type) };
        if (isSealed == false)
            settings["unsealed"] = true;
        return CheckMembers.Of(settings);
    }

    private static OperationException NotFound(ObjectName name) => new(ErrorType.NotFound, $"file not found: {name}");

    private bool SealsNow => transport.IsSealedFor(HostKey.Any);

    private static StoredFile Stored(ObjectInfo info) => new(info.Name, info.Sha256, info.Size, TypeOf(info)) { Unsealed = info.IsSealed == false ? true : null };

    private static FileContentType TypeOf(UploadFile request) => request.ContentType ?? FileContentType.Raw;

    private static FileContentType TypeOf(ObjectInfo info) => SnakeCaseName.Parse<FileContentType>(info.Metadata) ?? FileContentType.Raw;
}
