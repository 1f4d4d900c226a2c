namespace Osapi.Operations.Json;

/// <summary>
/// Marks a text that a shell will read as a program. The value of a fact may stand in it only if no shell could take it for
/// anything but plain characters, quoted or not.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShellLineAttribute : Attribute;
