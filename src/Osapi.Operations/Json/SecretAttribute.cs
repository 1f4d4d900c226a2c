namespace Osapi.Operations.Json;

/// <summary>Marks a member of a request whose values are secret: they are masked in everything that shows or keeps the request.</summary>
/// <remarks>The names of a map, and those of variables written as <c>NAME=value</c>, are no secret.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute
{
    /// <summary>True for a list of variables as <c>NAME=value</c>.</summary>
    public bool AreVariables { get; init; }
}
