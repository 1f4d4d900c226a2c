namespace Osapi.Operations.Json;

/// <summary>Marks a type whose values name a resource that one operation creates or changes and another uses. A mode or an address is not one.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class ResourceNameAttribute : Attribute;
