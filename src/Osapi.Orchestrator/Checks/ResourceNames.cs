using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;
using Osapi.Operations.Network;

namespace Osapi.Orchestrator.Checks;

/// <summary>Finds the resources that a request names. A resource has the same name in the operation that creates it and in those that use it.</summary>
internal static class ResourceNames
{
    // Types of text that name a resource; a mode or an address is not one.
    private static readonly HashSet<Type> Names = [typeof(ObjectName), typeof(FilePath), typeof(ContainerName), typeof(ImageName), typeof(JobId), typeof(AgentName), typeof(InterfaceName)];

    public static IReadOnlyList<string> NamedIn(Operation operation, object request) =>
        [.. operation.RequestInfo.Properties.Where(property => Names.Contains(property.PropertyType)).Select(property => property.Get!(request)?.ToString()).OfType<string>()];
}
