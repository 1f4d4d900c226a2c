using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Osapi.Agent.Hosts.Http;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Network;

namespace Osapi.Agent.Files.Downloads;

/// <summary>A file on a web server, which is read at most once.</summary>
/// <param name="request">The download.</param>
internal sealed class WebFile(DownloadUrl request) : IDisposable
{
    private const long DefaultMaxBytes = 1024 * 1024 * 1024;

    private const int MaxEtagLength = 1024;

    private readonly HttpFetch fetch = new(new() { Headers = request.Headers, Ca = request.Ca });
    private readonly Uri address = request.SourceUrl.Uri;

    /// <summary>The status of the last answer; null when no server was asked.</summary>
    public int? Status { get; private set; }

    /// <summary>The server's name for the version; null when it gave none.</summary>
    public string? Etag { get; private set; }

    /// <summary>The number of bytes that were read.</summary>
    public long Size { get; private set; }

    /// <summary>Reads the file.</summary>
    /// <param name="target">Gets the content.</param>
    /// <param name="etag">The version that is known; null for none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The SHA-256; null when the server says that the known version is the newest, and nothing was written.</returns>
    /// <exception cref="OperationException">The file cannot be fetched, or is too large.</exception>
    public async Task<string?> ReadAsync(Stream target, string? etag, CancellationToken cancellationToken)
    {
        var limit = request.MaxBytes ?? DefaultMaxBytes;
        using var response = await fetch.GetFileAsync(address, etag, cancellationToken);
        Status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            Etag = etag;
            return null;
        }

        Etag = response.Headers.ETag?.ToString() is { Length: <= MaxEtagLength } given && !ControlCharacters.AreIn(given) ? given : null;
        if (response.Content.Headers.ContentLength > limit)
            throw TooLarge(limit);
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        while (await HttpFetch.ReadAsync(address, content, buffer, cancellationToken) is > 0 and var count)
        {
            Size += count;
            if (Size > limit)
                throw TooLarge(limit);
            hash.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Finds the checksum of the file in the list at <c>sha256_url</c>.</summary>
    /// <exception cref="OperationException">The list cannot be fetched, or does not have it.</exception>
    public async Task<string> FindChecksumAsync(WebAddress list, CancellationToken cancellationToken)
    {
        using var response = await fetch.GetFileAsync(list.Uri, etag: null, cancellationToken);
        var bytes = await HttpFetch.ReadSmallAsync(list.Uri, response, ChecksumList.MaxBytes, cancellationToken)
            ?? throw new OperationException(ErrorType.Conflict, $"{list} is larger than {ChecksumList.MaxBytes} bytes and is no list of checksums");
        var name = Uri.UnescapeDataString(Path.GetFileName(address.AbsolutePath));
        return ChecksumList.Find(System.Text.Encoding.UTF8.GetString(bytes.Span), name)
            ?? throw new OperationException(ErrorType.Conflict, $"{list} has no SHA-256 of '{ControlCharacters.Escape(name)}', or several");
    }

    public void Dispose() => fetch.Dispose();

    private OperationException TooLarge(long limit) => new(ErrorType.Conflict, string.Create(CultureInfo.InvariantCulture, $"{address} has more than {limit} bytes (max_bytes)"));
}
