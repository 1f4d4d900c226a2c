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

    /// <summary>Checks that a caller has a permission.</summary>
    public static bool Permit(ClaimsPrincipal caller, string permission)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.Identity is CallerIdentity known && known.Permissions.Contains(permission);
    }
}

/// <summary>The names of a token's claims.</summary>
public static class TokenClaims
{
    /// <summary>The roles.</summary>
    public const string Roles = "roles";

    /// <summary>Permissions given directly, which replace those of the roles; an empty list means none.</summary>
    public const string Permissions = "permissions";

    /// <summary>The targets that the token is limited to.</summary>
    public const string Targets = "targets";

    /// <summary>The operations that the token is limited to: ids, or the beginning of ids with <c>*</c>.</summary>
    public const string Operations = "operations";
}
