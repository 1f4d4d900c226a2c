using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Osapi.Controller.Tests.Auth.Matrix;

/// <summary>The credentials of the matrix.</summary>
internal sealed class MatrixCredentials(DateTimeOffset now, byte[] key, RSA rsa, ECDsa curve, TestIssuer issuer)
{
    public IEnumerable<MatrixCredential> All => [.. Absent(), .. Invalid(), .. OfOtherKeys(), .. Valid(), .. OfIssuer(), .. OfCertificates()];

    private static MatrixCredential Bearer(string name, string token) => new(name, $"Bearer {token}");

    private MatrixCredential Changed(string name, Action<JsonObject> change)
    {
        var claims = TokenForge.Claims(now, "somebody", "admin");
        change(claims);
        return Bearer(name, TokenForge.Hmac(claims, key));
    }

    private MatrixCredential Headed(string name, string header, JsonNode value) => Bearer(name, TokenForge.Hmac(TokenForge.Claims(now, "somebody", "admin"), key, header: (header, value)));

    private string Good => TokenForge.Hmac(TokenForge.Claims(now, "somebody", "admin"), key);

    private IEnumerable<MatrixCredential> Absent() =>
    [
        new("no header"),
        new("an empty header", ""),
        new("a scheme without a token", "Bearer"),
        new("a scheme and a space", "Bearer  "),
        new("Basic", "Basic YWRtaW46YWRtaW4="),
        new("another scheme", $"Token {Good}"),
        new("a token without a scheme", Good),
        new("a token in the query") { Query = $"&access_token={Good}" },
        new("a token in a cookie") { Header = ("Cookie", $"token={Good}") },
        new("a token in another header") { Header = ("X-Forwarded-Authorization", $"Bearer {Good}") },
        new("a forwarded user") { Header = ("X-Forwarded-User", "admin") },
    ];

    private IEnumerable<MatrixCredential> Invalid() =>
    [
        Bearer("text", "justtext"),
        Bearer("dots", ".."),
        Bearer("not base64", "a%b.c%d.e%f"),
        Bearer("two tokens", $"{Good} {Good}"),
        Bearer("a token with text after it", $"{Good},"),
        new("two headers", $"Bearer {Good}", $"Bearer {Good}"),
        Bearer("five parts, as if encrypted", $"{Good}.a.b"),
        Bearer("no signature", Good[..(Good.LastIndexOf('.') + 1)]),
        Bearer("half a signature", Good[..^20]),
        Bearer("other claims than were signed", $"{Good.Split('.')[0]}.{TokenForge.Encode(Encoding.UTF8.GetBytes(TokenForge.Claims(now, "other", "admin").ToJsonString()))}.{Good.Split('.')[2]}"),
        Bearer("alg none", TokenForge.Hmac(TokenForge.Claims(now, "somebody", "admin"), key, "none")),
        Bearer("alg none without a signature", string.Join('.', TokenForge.Hmac(TokenForge.Claims(now, "somebody", "admin"), key, "none").Split('.')[..2]) + "."),
        Bearer("alg HS512", TokenForge.Hmac(TokenForge.Claims(now, "somebody", "admin"), key, "HS512")),
        Bearer("HS256 with the RSA public key as text", TokenForge.Hmac(TokenForge.Claims(now, "somebody", "admin"), Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), header: ("kid", "ci"))),
        Bearer("HS256 with the RSA public key as bytes", TokenForge.Hmac(TokenForge.Claims(now, "somebody", "admin"), rsa.ExportSubjectPublicKeyInfo(), header: ("kid", "ci"))),
        Bearer("another key", TokenForge.Hmac(TokenForge.Claims(now, "somebody", "admin"), RandomNumberGenerator.GetBytes(32))),
        Headed("an unknown key id", "kid", "nobody"),
        Headed("the id of a key of another kind", "kid", "ci"),
        Headed("a path as the key id", "kid", "../signing"),
        Headed("a critical extension", "crit", new JsonArray("exp")),
        Headed("a logout token", "typ", "logout+jwt"),
        Changed("expired", claims => claims["exp"] = (now - TimeSpan.FromMinutes(1)).ToUnixTimeSeconds()),
        Changed("without an end", claims => claims.Remove("exp")),
        Changed("an end that is text", claims => claims["exp"] = "tomorrow"),
        Changed("an end that is too large", claims => claims["exp"] = 1e300),
        Changed("not valid yet", claims => claims["nbf"] = (now + TimeSpan.FromMinutes(1)).ToUnixTimeSeconds()),
        Changed("issued in the future", claims => claims["iat"] = (now + TimeSpan.FromMinutes(1)).ToUnixTimeSeconds()),
        Changed("valid for twenty years", claims => claims["exp"] = (now + TimeSpan.FromDays(7300)).ToUnixTimeSeconds()),
        Changed("another issuer", claims => claims["iss"] = "other"),
        Changed("no issuer", claims => claims.Remove("iss")),
        Changed("another audience", claims => claims["aud"] = "other"),
        Changed("no audience", claims => claims.Remove("aud")),
        Changed("no subject", claims => claims.Remove("sub")),
        Changed("an empty subject", claims => claims["sub"] = " "),
        Changed("a number as the subject", claims => claims["sub"] = 7),
        Changed("a subject with a line break", claims => claims["sub"] = "some\nbody"),
        Changed("a long subject", claims => claims["sub"] = new string('s', 257)),
        Changed("roles that are a number", claims => claims["roles"] = 7),
        Changed("roles that are objects", claims => claims["roles"] = new JsonArray(new JsonObject())),
        Changed("permissions that are an object", claims => claims["permissions"] = new JsonObject()),
        Changed("permissions that are null", claims => claims["permissions"] = null),
        Changed("a target that is none", claims => claims["targets"] = new JsonArray("no such target")),
        Changed("a revoked id", claims => claims["jti"] = "revoked-id"),
        Changed("a revoked subject", claims => claims["sub"] = "revoked-subject"),
        Bearer("a claim twice", TokenForge.HmacText(TokenForge.Claims(now, "somebody", "read").ToJsonString().Replace("\"aud\"", "\"roles\":[\"admin\"],\"aud\"", StringComparison.Ordinal), key)),
        Bearer("claims that are a list", TokenForge.HmacText("[1]", key)),
        Changed("20 KB", claims => claims["jti"] = new string('x', 15_000)),
        Changed("60 KB", claims => claims["jti"] = new string('x', 45_000)) with { Rejected = HttpStatusCode.RequestHeaderFieldsTooLarge },
    ];

    private IEnumerable<MatrixCredential> OfOtherKeys()
    {
        using var unknown = RSA.Create(2048);
        return
        [
            Bearer("RS256 with a public key of the directory", TokenForge.Rsa(TokenForge.Claims(now, "somebody", "read"), rsa, header: ("kid", "ci"))) with { Permissions = MatrixRules.Roles["read"] },
            Bearer("RS256 without a key id", TokenForge.Rsa(TokenForge.Claims(now, "somebody", "read"), rsa)) with { Permissions = MatrixRules.Roles["read"] },
            Bearer("ES256 with a public key of the directory", TokenForge.Curve(TokenForge.Claims(now, "somebody", "write"), curve, header: ("kid", "robot"))) with { Permissions = MatrixRules.Roles["write"] },
            Bearer("RS256 with an unknown key", TokenForge.Rsa(TokenForge.Claims(now, "somebody", "admin"), unknown, header: ("kid", "ci"))),
            Bearer("RS256 that says ES256", TokenForge.Rsa(TokenForge.Claims(now, "somebody", "admin"), rsa, "ES256")),
            Bearer("RS256 that says RS512", TokenForge.Rsa(TokenForge.Claims(now, "somebody", "admin"), rsa, "RS512")),
            Bearer("ES256 that says RS256", TokenForge.Curve(TokenForge.Claims(now, "somebody", "admin"), curve, "RS256")),
        ];
    }

    private IEnumerable<MatrixCredential> Valid() =>
    [
        .. MatrixRules.Roles.Select(role => Bearer($"role {role.Key}", TokenForge.Hmac(TokenForge.Claims(now, "somebody", role.Key), key)) with { Permissions = role.Value }),
        Bearer("an unknown role", TokenForge.Hmac(TokenForge.Claims(now, "somebody", "nobody"), key)) with { Permissions = [] },
        Bearer("no role", TokenForge.Hmac(TokenForge.Claims(now), key)) with { Permissions = [] },
        Bearer("roles read and deployer", TokenForge.Hmac(TokenForge.Claims(now, "somebody", "read", "deployer"), key)) with { Permissions = [.. MatrixRules.Roles["read"], .. MatrixRules.Roles["deployer"]] },
        .. MatrixRules.Admin.Select(permission => Changed($"permission {permission} alone", claims => claims["permissions"] = new JsonArray(permission)) with { Permissions = [permission] }),
        Changed("no permission", claims => claims["permissions"] = new JsonArray()) with { Permissions = [] },
        Changed("an unknown permission", claims => claims["permissions"] = new JsonArray("something:else")) with { Permissions = [] },
        Changed("a permission in capitals", claims => claims["permissions"] = new JsonArray("JOB:READ")) with { Permissions = [] },
        Changed("one permission as text", claims => claims["permissions"] = "job:read") with { Permissions = ["job:read"] },
        Changed("without a time of issue", claims => claims.Remove("iat")) with { Permissions = MatrixRules.Admin },
        new("a scheme in small letters", $"bearer {Good}") { Permissions = MatrixRules.Admin },
        Headed("an access token", "typ", "at+jwt") with { Permissions = MatrixRules.Admin },
        Changed("one operation", claims => claims["operations"] = new JsonArray("node.hostname.get")) with { Permissions = MatrixRules.Admin, Operations = ["node.hostname.get"] },
        Changed("the operations of a family", claims => claims["operations"] = new JsonArray("docker.*", "job.*")) with { Permissions = MatrixRules.Admin, Operations = ["docker.*", "job.*"] },
        Changed("no operation", claims => claims["operations"] = new JsonArray()) with { Permissions = MatrixRules.Admin, Operations = [] },
        Changed("one target", claims => claims["targets"] = new JsonArray("web-01")) with { Permissions = MatrixRules.Admin, HasTargets = true },
        Changed("no target", claims => claims["targets"] = new JsonArray()) with { Permissions = MatrixRules.Admin, HasTargets = true },
    ];

    private IEnumerable<MatrixCredential> OfIssuer()
    {
        var foreign = TokenForge.Claims(now, "alice", "admin");
        foreign["iss"] = issuer.Name;
        return
        [
            Bearer("the issuer", issuer.Token(now, roles: "read")) with { Permissions = MatrixRules.Roles["read"] },
            Bearer("the issuer for another audience", issuer.Token(now, audience: "osapi", roles: "admin")),
            Bearer("the issuer's name with the key of this system", TokenForge.Hmac(foreign, key)),
            Bearer("the name of this system with the issuer's key", TokenForge.Rsa(TokenForge.Claims(now, "alice", "admin"), issuer.Key, header: ("kid", issuer.KeyId))),
            Bearer("a revoked subject of the issuer", issuer.Token(now, "mallory", roles: "admin")),
        ];
    }

    private IEnumerable<MatrixCredential> OfCertificates() =>
    [
        new("no certificate on TLS") { Certificate = "none" },
        new("a certificate with a role") { Certificate = "runner", Permissions = MatrixRules.Roles["write"] },
        new("a certificate without a role") { Certificate = "stranger" },
        new("a revoked certificate") { Certificate = "revoked" },
        new("a certificate and a token that is not valid", "Bearer justtext") { Certificate = "runner" },
        new("a certificate and a token", $"Bearer {TokenForge.Hmac(TokenForge.Claims(now, "somebody", "read"), key)}") { Certificate = "runner", Permissions = MatrixRules.Roles["read"] },
        new("a certificate of another authority") { Certificate = "foreign", IsDisconnected = true },
        new("a certificate that has expired") { Certificate = "expired", IsDisconnected = true },
        new("a certificate for servers") { Certificate = "server", IsDisconnected = true },
    ];
}
