using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Makes tokens of every kind, written independently of the product: header, claims and signature.</summary>
internal static class TokenForge
{
    /// <summary>Makes the claims of a good token.</summary>
    public static JsonObject Claims(DateTimeOffset now, string subject = "somebody", params string[] roles) => new()
    {
        ["iss"] = "osapi",
        ["aud"] = "osapi",
        ["sub"] = subject,
        ["jti"] = $"id-of-{subject}",
        ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]),
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = (now + TimeSpan.FromHours(1)).ToUnixTimeSeconds(),
    };

    /// <summary>Signs with a secret key.</summary>
    public static string Hmac(JsonNode claims, byte[] key, string algorithm = "HS256", params (string Name, JsonNode Value)[] header)
    {
        var text = Unsigned(algorithm, claims.ToJsonString(), header);
        return $"{text}.{Encode(algorithm == "HS512" ? HMACSHA512.HashData(key, Encoding.ASCII.GetBytes(text)) : HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>Signs claims that are text, so that they need not be a valid object.</summary>
    public static string HmacText(string claims, byte[] key)
    {
        var text = Unsigned("HS256", claims);
        return $"{text}.{Encode(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
    }

    public static string Rsa(JsonNode claims, RSA key, string algorithm = "RS256", params (string Name, JsonNode Value)[] header)
    {
        var text = Unsigned(algorithm, claims.ToJsonString(), header);
        return $"{text}.{Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public static string Curve(JsonNode claims, ECDsa key, string algorithm = "ES256", params (string Name, JsonNode Value)[] header)
    {
        var text = Unsigned(algorithm, claims.ToJsonString(), header);
        return $"{text}.{Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Unsigned(string algorithm, string claims, params (string Name, JsonNode Value)[] extra)
    {
        JsonObject header = new() { ["alg"] = algorithm, ["typ"] = "JWT" };
        foreach (var (name, value) in extra)
            header[name] = value.DeepClone();
        return $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
    }
}
