using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Tokens;

/// <summary>Tokens: revoke them, and list what is revoked.</summary>
public static partial class TokenOperations
{
    internal static OperationFamily Family => new([Revoke, List]) { Admin = [Permissions.TokenRead, Permissions.TokenWrite] };
}

/// <summary>Calls of the token family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class TokenClient(IOperationInvoker invoker);

[JsonSerializable(typeof(RevokeToken)), JsonSerializable(typeof(RevocationChange))]
[JsonSerializable(typeof(ListRevokedTokens)), JsonSerializable(typeof(RevokedTokens))]
internal sealed partial class TokensJson : JsonSerializerContext
{
    public static TokensJson Requests { get; } = new(JsonConventions.Strict);

    public static TokensJson Results { get; } = new(JsonConventions.Lenient);
}
