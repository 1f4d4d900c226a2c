namespace Osapi.Operations.Json;

/// <summary>Says what a reader takes a name for that a newer version has added to an enum: never for a success.</summary>
/// <param name="member">The member of the enum.</param>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class NewerNameAttribute(string member) : Attribute
{
    /// <summary>The member of the enum.</summary>
    public string Member => member;
}
