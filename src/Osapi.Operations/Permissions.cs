namespace Osapi.Operations;

/// <summary>The names of the permissions that the roles of a token grant. Those of a family are declared in its folder.</summary>
public static partial class Permissions
{
    /// <summary>Every permission.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OperationCatalog.Families.SelectMany(family => family.Permissions)];
}
