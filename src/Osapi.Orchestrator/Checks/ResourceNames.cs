using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Orchestrator.Checks;

/// <summary>Finds the resources that a request names. A resource has the same name in the operation that creates it and in those that use it.</summary>
internal static class ResourceNames
{
    public static IReadOnlyList<string> NamedIn(Operation operation, object request) =>
        [.. operation.RequestInfo.Properties
            .Where(property => property.PropertyType.IsDefined(typeof(ResourceNameAttribute), inherit: false))
            .Select(property => property.Get!(request)?.ToString()).OfType<string>()];
}
