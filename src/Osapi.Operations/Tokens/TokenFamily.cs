using Osapi.Operations.Tokens;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>List the revoked tokens.</summary>
    public const string TokenRead = "token:read";

    /// <summary>Revoke tokens.</summary>
    public const string TokenWrite = "token:write";
}

public abstract partial class FamilyClients
{
    /// <summary>Tokens: those that are revoked.</summary>
    public TokenClient Token => field ??= new(invoker);
}
