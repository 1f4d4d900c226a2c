namespace Osapi.Operations.Json;

/// <summary>Marks a member outside of the path that the command line takes as an argument, not as an option.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PositionalAttribute : Attribute;
