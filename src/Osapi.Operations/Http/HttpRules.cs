using System.Buffers;
using Osapi.Operations.Facts;
using Osapi.Operations.Json;

namespace Osapi.Operations.Http;

/// <summary>The rules of what a caller adds to requests of web servers.</summary>
internal static class HttpRules
{
    private const int MaxHeaders = 20, MaxHeaderLength = 8192;

    private static readonly SearchValues<char> HeaderCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly string[] Reserved = ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "TE", "Trailer", "If-None-Match", "Range", "Accept-Encoding"];

    /// <summary>Checks headers, and authorities in PEM.</summary>
    public static IEnumerable<Problem> Check(IReadOnlyDictionary<string, string>? headers, string? ca)
    {
        if (ca is not null && !FactReference.ArePending(ca) && !ca.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            yield return new("ca", "must be certificates in PEM: -----BEGIN CERTIFICATE-----");
        if (headers?.Count > MaxHeaders)
            yield return new("headers", $"must have at most {MaxHeaders} elements, and has {headers.Count}");
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
            if (name.Length is 0 or > 100 || name.AsSpan().ContainsAnyExcept(HeaderCharacters))
                yield return new("headers", "must have names of letters, digits and -");
            else if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
                yield return new("headers", $"must not contain {name}, which the request itself has");
            else if (value.Length > MaxHeaderLength || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                yield return new("headers", $"must have values of at most {MaxHeaderLength} printable ASCII characters, and {name} has not");
    }
}
