using System.Security.Cryptography;

namespace Osapi.Operations.Files;

/// <summary>Stores a file; one of that name with other content or another content type is only replaced with force.</summary>
public sealed record UploadFile
{
    /// <summary>The name to store it under.</summary>
    public required ObjectName Name { get; init; }

    /// <summary>The local file to store; in a plan file, relative to the plan.</summary>
    public required LocalFile Path { get; init; }

    /// <summary>What becomes of it when it is deployed; raw when not given.</summary>
    public FileContentType? ContentType { get; init; }

    /// <summary>True to replace a file of this name that differs; false when not given.</summary>
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
    /// <param name="name">The name to store it under.</param>
    /// <param name="content">The content, read to its end and left open.</param>
    /// <param name="contentType">What becomes of it when it is deployed.</param>
    /// <param name="force">True to replace a file of this name that differs.</param>
    /// <param name="options">How the upload is made; the defaults when null.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored then.</param>
    /// <remarks>Content that can be rewound is not sent when it is stored already.</remarks>
    public async Task<UploadResult> UploadAsync(
        ObjectName name, Stream content, FileContentType contentType = FileContentType.Raw, bool force = false, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!force && content.CanSeek)
        {
            var start = content.Position;
            var sha256 = await HashAsync(content, cancellationToken).ConfigureAwait(false);
            content.Position = start;
            if (await TryGetAsync(name, cancellationToken).ConfigureAwait(false) is { } stored && stored.Sha256 == sha256 && stored.ContentType == contentType)
                return new(stored.Name, stored.Sha256, stored.Size, Changed: false, stored.ContentType);
        }

        UploadFile request = new() { Name = name, Path = LocalFile.Of(content), ContentType = contentType, Force = force };
        return await invoker.InvokeAsync(FileOperations.Upload, request, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>True when the stored file of this name has other content than the stream, or there is none.</summary>
    /// <param name="name">The stored file's name.</param>
    /// <param name="content">The content, read to its end and left open.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> IsChangedAsync(ObjectName name, Stream content, CancellationToken cancellationToken = default)
    {
        var sha256 = await HashAsync(content, cancellationToken).ConfigureAwait(false);
        var files = await ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return files.Files.FirstOrDefault(file => file.Name == name.Value)?.Sha256 != sha256;
    }

    private static async Task<string> HashAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));

    // Asking first only saves the transfer: whatever goes wrong here, the upload itself will tell.
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
