using System.Security.Cryptography;

namespace Osapi.Operations.Files;

/// <summary>Stores a file in the object store. Replacing a file of the same name with other content or content type requires force.</summary>
public sealed record UploadFile
{
    /// <summary>The name in the object store.</summary>
    public required ObjectName Name { get; init; }

    /// <summary>The path of the local file; in a plan file, relative to the plan.</summary>
    public required LocalFile Path { get; init; }

    /// <summary>The content type: <c>raw</c> (deployed unchanged) or <c>template</c> (rendered on each host); default: raw.</summary>
    public FileContentType? ContentType { get; init; }

    /// <summary>True to replace a stored file of this name that differs; default: false.</summary>
    public bool? Force { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="UploadFile"/>
    public static ControllerOperation<UploadFile, UploadResult> Upload { get; } = new("file.upload", Idempotency.Idempotent)
    {
        Route = HttpRoute.PostForm("/file", "force"),
        Permission = Permissions.FileWrite,
        SuccessStatus = 201,
        Request = FileJson.Requests.UploadFile,
        Result = FileJson.Results.UploadResult,
        Changed = static result => result.Changed,
        Example = static () => (
            new() { Name = "app.conf.tmpl", Path = "app.conf.tmpl", ContentType = FileContentType.Template, Force = true },
            new("app.conf.tmpl", FileExamples.Sha256, 1024, Changed: true, FileContentType.Template)),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="UploadFile"/>
    /// <param name="name">The name in the object store.</param>
    /// <param name="content">The content; it is read to its end and left open.</param>
    /// <param name="contentType">The processing of the file when it is deployed.</param>
    /// <param name="force">True to replace a stored file of this name that differs.</param>
    /// <param name="options">The options of the upload; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the upload; nothing is stored then.</param>
    /// <remarks>Content that can be rewound is not sent when the same file is already stored, unless it may have to be sealed.</remarks>
    public async Task<UploadResult> UploadAsync(
        ObjectName name, Stream content, FileContentType contentType = FileContentType.Raw, bool force = false, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!force && content.CanSeek)
        {
            var start = content.Position;
            var sha256 = await HashAsync(content, cancellationToken).ConfigureAwait(false);
            content.Position = start;
            if (await TryGetAsync(name, cancellationToken).ConfigureAwait(false) is { } stored && stored.Sha256 == sha256 && stored.ContentType == contentType && stored.Unsealed != true)
                return new(stored.Name, stored.Sha256, stored.Size, Changed: false, stored.ContentType);
        }

        UploadFile request = new() { Name = name, Path = LocalFile.Of(content), ContentType = contentType, Force = force };
        return await invoker.InvokeAsync(FileOperations.Upload, request, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Determines whether the stored file of this name differs from the content, or does not exist.</summary>
    /// <param name="name">The name of the stored file.</param>
    /// <param name="content">The content; it is read to its end and left open.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<bool> IsChangedAsync(ObjectName name, Stream content, CancellationToken cancellationToken = default)
    {
        var sha256 = await HashAsync(content, cancellationToken).ConfigureAwait(false);
        var files = await ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return files.Files.FirstOrDefault(file => file.Name == name.Value)?.Sha256 != sha256;
    }

    private static async Task<string> HashAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));

    // The request only saves the transfer: any failure will appear again in the upload itself.
    private async Task<StoredFile?> TryGetAsync(ObjectName name, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
