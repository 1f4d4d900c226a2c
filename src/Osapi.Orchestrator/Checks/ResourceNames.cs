using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;
using Osapi.Operations.Network;

namespace Osapi.Orchestrator.Checks;

/// <summary>The things that a request names: what one operation makes and another one uses goes by the same name in both.</summary>
internal static class ResourceNames
{
    // Texts that are the name of something; a mode or an address is none.
    private static readonly HashSet<Type> Names = [typeof(ObjectName), typeof(FilePath), typeof(ContainerName), typeof(ImageName), typeof(JobId), typeof(AgentName), typeof(InterfaceName)];

    public static IReadOnlyList<string> NamedIn(Operation operation, object request) =>
        [.. operation.RequestInfo.Properties.Where(property => Names.Contains(property.PropertyType)).Select(property => property.Get!(request)?.ToString()).OfType<string>()];
}
