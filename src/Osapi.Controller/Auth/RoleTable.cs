using System.Collections.Frozen;

namespace Osapi.Controller.Auth;

/// <summary>The roles of a controller: the built-in ones, and those of its configuration.</summary>
internal sealed class RoleTable(IReadOnlyDictionary<string, IReadOnlyList<string>> custom)
{
    private readonly FrozenDictionary<string, IReadOnlyList<string>> roles = Roles.BuiltIn.Concat(custom.Where(role => !Roles.BuiltIn.ContainsKey(role.Key))).ToFrozenDictionary();

    /// <summary>Gets the permissions of several roles together; an unknown role has none.</summary>
    public IReadOnlySet<string> PermissionsOf(IEnumerable<string> names) => names.SelectMany(name => roles.GetValueOrDefault(name) ?? []).ToFrozenSet();
}
