using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Downloads;

/// <summary>The content of a download whose SHA-256 is known: fetched when it is written, or complete in a spool.</summary>
/// <param name="Request">The download.</param>
/// <param name="File">The file on the server.</param>
/// <param name="Sha256">The SHA-256.</param>
/// <param name="Spool">The content; null when it is yet to be fetched.</param>
internal sealed record DownloadedContent(DownloadUrl Request, WebFile File, string Sha256, Stream? Spool) : FileContent(Sha256, Spool?.Length ?? 0)
{
    public override long? KnownSize => Spool?.Length;

    public override async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        if (Spool is not null)
        {
            Spool.Position = 0;
            await Spool.CopyToAsync(target, cancellationToken);
            return;
        }

        if (await File.ReadAsync(target, etag: null, cancellationToken) is var found && found != Sha256)
            throw new OperationException(ErrorType.Conflict, $"{Request.Path} is not written: {Request.SourceUrl} has the SHA-256 {found}, and not {Sha256}");
    }
}
