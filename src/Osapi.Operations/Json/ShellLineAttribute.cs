namespace Osapi.Operations.Json;

/// <summary>
/// Marks text that a shell runs. The value of a fact may be inserted only when every shell reads it as plain characters, quoted or
/// not.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShellLineAttribute : Attribute;
