using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Controller.Tests;

/// <summary>The HTTP calls of operations, written independently of the client.</summary>
internal static class Calls
{
    /// <summary>Gets the path: resources of the controller do not exist, and members for a host come from the example.</summary>
    public static string Path(Operation operation, string target = "_any", string id = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10")
    {
        var example = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!;
        return operation.Route.Members.Aggregate(operation.Route.Template, (path, member) => path.Replace($"{{{member}}}", Uri.EscapeDataString(member switch
        {
            HttpRoute.TargetMember => target,
            "id" when operation.RunsOn == RunsOn.Controller => id,
            "name" when operation.RunsOn == RunsOn.Controller => $"no-such-{operation.Family}",
            _ => example[member]!.GetValue<string>(),
        }), StringComparison.Ordinal));
    }

    /// <summary>Gets the required members of the query, each with its &amp;, from the example.</summary>
    public static string RequiredQuery(Operation operation)
    {
        if (operation.Route.HasBody)
            return "";
        var example = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!;
        return string.Concat(operation.RequestInfo.Properties.Where(property => property.IsRequired && !operation.Route.Members.Contains(property.Name))
            .Select(property => $"&{property.Name}={Uri.EscapeDataString(example[property.Name]!.GetValue<string>())}"));
    }

    /// <summary>Gets the path with the required members of the query.</summary>
    public static string PathAndQuery(Operation operation, string target = "_any") =>
        Path(operation, target) + (RequiredQuery(operation) is { Length: > 0 } query ? $"?{query[1..]}" : "");

    public static string ContentType(Operation operation) => operation.Route.IsForm ? "multipart/form-data; boundary=b" : "application/json";

    public static string? Body(Operation operation, string? body = null) => operation.Route.IsForm ? Form(operation) : operation.Route.HasBody ? body ?? Example(operation) : null;

    private static string Form(Operation operation) => string.Concat(
        operation.RequestInfo.Properties.Where(property => property.IsRequired).Select(property => property.PropertyType == typeof(LocalFile) ? LocalFile.Part : property.Name)
            .Select(part => $"--b\r\nContent-Disposition: form-data; name=\"{part}\"\r\n\r\nx\r\n")) + "--b--\r\n";

    private static string Example(Operation operation)
    {
        var members = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
        foreach (var name in operation.Route.Members)
            members.Remove(name);
        return members.ToJsonString();
    }
}
