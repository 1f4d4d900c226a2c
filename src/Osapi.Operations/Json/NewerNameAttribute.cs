namespace Osapi.Operations.Json;

/// <summary>Specifies the enum member that stands for names that a newer version has added: never one that means success.</summary>
/// <param name="member">The member of the enum.</param>
[AttributeUsage(AttributeTargets.Enum)]
internal sealed class NewerNameAttribute(string member) : Attribute
{
    /// <summary>The member of the enum.</summary>
    public string Member => member;
}
