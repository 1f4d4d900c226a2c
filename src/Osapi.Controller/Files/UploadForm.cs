using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Controller.Files;

/// <summary>
/// Reads multipart/form-data (RFC 7578) part by part: plain parts into members, the content into the spool. Parts may
/// come in any order.
/// </summary>
internal static class UploadForm
{
    // Longer than any member may be, so that the member's own rule reports the error.
    private const int MaxTextLength = 16 * 1024;

    private const int MaxParts = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the form. Returns the content, or null when there is none; fills the members and the problems.</summary>
    public static async Task<ReceivedContent?> ReadAsync(HttpRequest request, Stream body, Operation operation, UploadSpool spool, JsonObject members, List<Problem> problems)
    {
        if (Boundary(request) is not { } boundary)
            throw new BadHttpRequestException("the body must be a form (Content-Type: multipart/form-data with a boundary)", StatusCodes.Status415UnsupportedMediaType);
        MultipartReader reader = new(boundary, body);
        var known = operation.RequestInfo.Properties.Select(property => property.Name).Except([.. operation.Route.QueryMembers, "path"]).ToList();
        ReceivedContent? content = null;
        try
        {
            for (var parts = 0; await reader.ReadNextSectionAsync(request.HttpContext.RequestAborted) is { } section; parts++)
            {
                if (parts == MaxParts)
                    throw new InvalidDataException($"more than {MaxParts} parts");
                var name = NameOf(section);
                if (name == LocalFile.Part && content is null)
                    content = await spool.ReceiveAsync(section.Body, request.HttpContext.RequestAborted);
                else if (name == LocalFile.Part)
                    problems.Add(new(name, "is given twice"));
                else if (name is not null && known.Contains(name))
                    await ReadTextAsync(section, name, members, problems, request.HttpContext.RequestAborted);
                else
                    problems.Add(new(name ?? "", name is null ? "a part of the form has no name" : "is unknown" + Suggestions.Hint(name, [.. known, LocalFile.Part])));
            }

            return content;
        }
        catch (Exception exception)
        {
            if (content is not null)
                await content.DisposeAsync();
            // A truncated or malformed form; a body that is too large has its own error.
            if (exception is InvalidDataException or (IOException and not BadHttpRequestException))
                throw new BadHttpRequestException($"failed to read multipart: {exception.Message}");
            throw;
        }
    }

    private static async Task ReadTextAsync(MultipartSection section, string name, JsonObject members, List<Problem> problems, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxTextLength + 1];
        var length = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (members.ContainsKey(name))
            problems.Add(new(name, "is given twice"));
        if (length > MaxTextLength)
        {
            problems.Add(new(name, $"must have at most {MaxTextLength} bytes"));
            members[name] = "-";
            await section.Body.CopyToAsync(Stream.Null, cancellationToken);
            return;
        }

        try
        {
            members[name] = StrictUtf8.GetString(buffer, 0, length);
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new(name, "is not UTF-8 text"));
            members[name] = "-";
        }
    }

    private static string? Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 } boundary ? boundary.ToString() : null;

    private static string? NameOf(MultipartSection section) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && HeaderUtilities.RemoveQuotes(disposition.Name) is { Length: > 0 } name
            ? name.ToString()
            : null;
}
