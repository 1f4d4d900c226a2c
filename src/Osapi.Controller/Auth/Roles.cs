using System.Security.Claims;
using Osapi.Operations;

namespace Osapi.Controller.Auth;

/// <summary>The permissions of each role. A token's own permissions, when it has any, replace its roles.</summary>
public static class Roles
{
    private static readonly IReadOnlyList<string> Read = [.. OperationCatalog.Families.SelectMany(family => family.Read)];

    private static readonly IReadOnlyList<string> Write = [.. Read, .. OperationCatalog.Families.SelectMany(family => family.Write)];

    /// <summary>The built-in roles with their permissions.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> BuiltIn { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["admin"] = Permissions.All,
        ["write"] = Write,
        ["read"] = Read,
    };

    /// <summary>Checks that a caller's token grants a permission.</summary>
    public static bool Permit(ClaimsPrincipal caller, string permission)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.HasClaim(claim => claim.Type == TokenClaims.Permissions)
            ? caller.HasClaim(TokenClaims.Permissions, permission)
            : caller.FindAll(TokenClaims.Roles).Any(role => BuiltIn.TryGetValue(role.Value, out var permissions) && permissions.Contains(permission));
    }
}

/// <summary>The names of a token's claims.</summary>
public static class TokenClaims
{
    /// <summary>The roles.</summary>
    public const string Roles = "roles";

    /// <summary>Permissions given directly.</summary>
    public const string Permissions = "permissions";
}
