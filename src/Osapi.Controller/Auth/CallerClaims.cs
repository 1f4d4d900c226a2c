using System.Collections.Frozen;
using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Controller.Auth;

/// <summary>Reads the claims of a token whose signature is valid.</summary>
internal sealed class CallerClaims(RoleTable roles, string rolesClaim = TokenClaims.Roles, string subjectPrefix = "")
{
    private const int MaxSubject = 256;
    private const int MaxItems = 200;

    /// <summary>Reads the caller.</summary>
    /// <exception cref="TokenException">A claim is missing or has another type than it must have.</exception>
    public CallerIdentity Read(JsonElement claims)
    {
        if (claims.ValueKind != JsonValueKind.Object)
            throw new TokenException("it is malformed");
        if (Text(claims, "sub") is not { } subject || string.IsNullOrWhiteSpace(subject) || subject.Length > MaxSubject || subject.Any(char.IsControl))
            throw new TokenException($"it has no subject (sub): 1 to {MaxSubject} characters without control characters");
        var expires = Time(claims, "exp") ?? throw new TokenException("it has expired or is not valid yet");
        var issued = Time(claims, "iat") ?? Time(claims, "nbf");
        if (issued is { } at && expires - at > Tokens.MaxLifetime)
            throw new TokenException($"it is valid for longer than {Tokens.MaxLifetime.TotalDays:0} days");
        var names = Texts(claims, rolesClaim) ?? [];
        return new(subjectPrefix + subject, Text(claims, "jti"), names)
        {
            Permissions = Texts(claims, TokenClaims.Permissions) is { } given ? given.ToFrozenSet() : roles.PermissionsOf(names),
            IssuedAt = issued ?? expires - Tokens.MaxLifetime,
            // A token from the future would not be covered by the revocation of its subject.
            NotBefore = new[] { Time(claims, "nbf"), Time(claims, "iat") }.Max() ?? DateTimeOffset.MinValue,
            ExpiresAt = expires,
            Targets = Texts(claims, TokenClaims.Targets)?.Select(text => Target.TryParse(text, out var target, out var problem) ? target : throw new TokenException($"its {problem}")).ToList(),
            Operations = Texts(claims, TokenClaims.Operations),
        };
    }

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : throw new TokenException($"its claim {name} is not a text")
        : null;

    private static DateTimeOffset? Time(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
            return null;
        // RFC 7519 permits fractions of seconds.
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= 253402300799
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : throw new TokenException($"its claim {name} is not a time");
    }

    // One text counts as a list of one, as many issuers write it.
    private static List<string>? Texts(JsonElement claims, string name) => !claims.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.GetArrayLength() <= MaxItems && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw new TokenException($"its claim {name} is not a list of at most {MaxItems} texts"),
    };
}
