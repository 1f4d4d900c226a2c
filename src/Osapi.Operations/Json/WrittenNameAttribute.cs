namespace Osapi.Operations.Json;

/// <summary>Sets the wire name of an enum member when it is not the C# name in snake_case.</summary>
/// <param name="member">The member of the enum.</param>
/// <param name="name">The name on the wire.</param>
[AttributeUsage(AttributeTargets.Enum, AllowMultiple = true)]
internal sealed class WrittenNameAttribute(string member, string name) : Attribute
{
    /// <summary>The member of the enum.</summary>
    public string Member => member;

    /// <summary>The name on the wire.</summary>
    public string Name => name;
}
