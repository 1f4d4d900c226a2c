using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using NATS.NKeys;

namespace Osapi.Transport.Tests.Nats;

/// <summary>The tokens of an operator, its account and a user, as <c>nsc</c> creates them.</summary>
internal sealed class Jwt
{
    private readonly KeyPair operatorKey = KeyPair.CreatePair(PrefixByte.Operator);
    private readonly KeyPair accountKey = KeyPair.CreatePair(PrefixByte.Account);
    private readonly KeyPair systemKey = KeyPair.CreatePair(PrefixByte.Account);

    /// <summary>The server's configuration for them.</summary>
    public string Configuration => $$"""
        operator: "{{Token(operatorKey, operatorKey, "operator", new JsonObject { ["type"] = "operator", ["version"] = 2 })}}"
        system_account: {{systemKey.GetPublicKey()}}
        resolver: MEMORY
        resolver_preload: {
            {{accountKey.GetPublicKey()}}: "{{Token(operatorKey, accountKey, "account", Account())}}"
            {{systemKey.GetPublicKey()}}: "{{Token(operatorKey, systemKey, "system", Account(jetStream: false))}}"
        }
        """;

    /// <summary>Gets a user's credentials, as in a file.</summary>
    public string Credentials()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        var nats = JsonNode.Parse("""{"type":"user","version":2,"pub":{},"sub":{},"subs":-1,"data":-1,"payload":-1}""")!;
        return $"""
            -----BEGIN NATS USER JWT-----
            {Token(accountKey, user, "user", nats)}
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            {user.GetSeed()}
            ------END USER NKEY SEED------
            """;
    }

    private static JsonObject Account(bool jetStream = true)
    {
        var limits = JsonNode.Parse("""{"subs":-1,"data":-1,"payload":-1,"imports":-1,"exports":-1,"wildcards":true,"conn":-1,"leaf":-1}""")!.AsObject();
        foreach (var limit in jetStream ? new[] { "mem_storage", "disk_storage", "streams", "consumer" } : [])
            limits[limit] = -1;
        return new() { ["type"] = "account", ["version"] = 2, ["limits"] = limits };
    }

    private static string Token(KeyPair issuer, KeyPair subject, string name, JsonNode nats)
    {
        JsonObject claims = new()
        {
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = 1_700_000_000,
            ["iss"] = issuer.GetPublicKey(),
            ["name"] = name,
            ["sub"] = subject.GetPublicKey(),
            ["nats"] = nats,
        };
        var text = $"{Encode("""{"typ":"JWT","alg":"ed25519-nkey"}""")}.{Encode(claims.ToJsonString())}";
        var signature = new byte[64];
        issuer.Sign(Encoding.ASCII.GetBytes(text), signature);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
