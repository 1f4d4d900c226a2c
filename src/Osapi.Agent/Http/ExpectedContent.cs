using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Osapi.Agent.Hosts.Http;
using Osapi.Operations.Http;

namespace Osapi.Agent.Http;

/// <summary>Compares the content of an answer with what is expected. No reason repeats a part of the content.</summary>
internal sealed class ExpectedContent(CheckHttp request)
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Reads the content, if it matters; null when it is as expected.</summary>
    public async Task<string?> WhyNotAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (request.Contains is null && request.JsonValues is null)
            return null;
        return await HttpFetch.ReadSmallAsync(request.Address.Uri, response, MaxBytes, cancellationToken) is { } content
            ? WhyNoMatch(content.Span) ?? WhyNotJson(content)
            : "the content is larger than 1 MiB, and is not searched";
    }

    private string? WhyNoMatch(ReadOnlySpan<byte> content)
    {
        try
        {
            return request.Contains is not { } pattern || pattern.Regex.IsMatch(Encoding.UTF8.GetString(content)) ? null : "the content does not contain the text";
        }
        catch (RegexMatchTimeoutException)
        {
            return "to search the content takes too long";
        }
    }

    private string? WhyNotJson(ReadOnlyMemory<byte> content)
    {
        if (request.JsonValues is not { } values)
            return null;
        try
        {
            using var document = JsonDocument.Parse(content);
            foreach (var (pointer, expected) in values)
                if (JsonPointer.Find(document.RootElement, pointer) is not { } found)
                    return $"the content has no {pointer}";
                else if (TextOf(found) != expected)
                    return $"{pointer} in the content is another value";
            return null;
        }
        catch (JsonException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the content of {content.Length} bytes is not JSON");
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
