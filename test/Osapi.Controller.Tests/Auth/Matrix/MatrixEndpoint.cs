using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Auth.Matrix;

/// <summary>An endpoint of the matrix with a request that is refused as invalid, or finds nothing, when its caller is permitted.</summary>
/// <param name="Method">The method.</param>
/// <param name="Template">The path as it is documented.</param>
/// <param name="Id">The id of its operation.</param>
internal sealed record MatrixEndpoint(string Method, string Template, string Id)
{
    private const string Some = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10";

    public string Path => string.Join('/', Template.Split('/').Select(part => part switch
    {
        "{id}" => Some,
        "{hostname}" => "web-01",
        "{name}" => "no-such-thing",
        "{image}" => "nginx",
        "{interface_name}" => "eth0",
        _ => part,
    })) + Query;

    public string? Body => Id == "job.submit" ? """{"operation":"node.hostname.get","target":"web-01"}"""
        : Method is not ("POST" or "PUT") ? null
        : Id == "file.upload" ? "--b--\r\n"
        : "{}";

    public string ContentType => Id == "file.upload" ? "multipart/form-data; boundary=b" : "application/json";

    public bool IsStream => Id is "job.watch" or "job.watch_all" or "run.watch" or "run.signals";

    private string Query => Id == "target.resolve.get" ? "?target=web-01&operation=node.hostname.get" : Template is "/openapi.json" or "/metrics" ? "" : "?nonsense=1";

    /// <summary>Every endpoint that the published description names, and the two that it does not.</summary>
    public static IReadOnlyList<MatrixEndpoint> All { get; } = [.. Described(), new("GET", "/openapi.json", "openapi"), new("GET", "/metrics", "metrics")];

    private static IEnumerable<MatrixEndpoint> Described() =>
        from path in JsonNode.Parse(Osapi.Controller.OpenApi.OpenApiDocument.Text(OperationCatalog.Default, "1"))!["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        where method.Key is "get" or "post" or "put" or "delete"
        select new MatrixEndpoint(method.Key.ToUpperInvariant(), path.Key, method.Value!["operationId"]!.GetValue<string>());
}
