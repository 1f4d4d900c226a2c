using System.Text.Json.Nodes;
using Osapi.Controller.OpenApi;
using Osapi.Operations;
using Osapi.Tests;

namespace Osapi.Controller.Tests.OpenApi;

/// <summary>Tests of the description of the REST interface.</summary>
public sealed class OpenApiDocumentTests
{
    private static readonly JsonObject Document = OpenApiDocument.Create(OperationCatalog.Default, "0.0.0");

    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Select(operation => operation.Id)];

    [Fact]
    public void It_is_what_was_approved() => Approved.Match(OpenApiDocument.Text(OperationCatalog.Default, ProductVersion.Text), "../../docs/openapi.json");

    [Fact]
    public async Task It_is_served_to_anyone()
    {
        await using var fixture = await ControllerFixture.OpenAsync();

        Assert.Equal(OpenApiDocument.Text(OperationCatalog.Default, ProductVersion.Text), (await fixture.SendAsync("GET", "/openapi.json", token: null)).Assert2xx().Body);
    }

    [Fact]
    public void It_has_every_operation_of_the_catalog_and_no_other() => Assert.Equal(
        // The content of a file, output and event streams are not operations: they do not return JSON. A submission calls any operation.
        OperationCatalog.Default.Select(operation => $"{operation.Route} {operation.Id}")
            .Concat(["GET /audit/export audit.export", "GET /file/{name}/content file.download", "GET /job/{id}/events job.watch", "GET /job/{id}/output job.output", "GET /job/events job.watch_all", "GET /run/{id}/events run.watch", "GET /run/{id}/signals run.signals", "PUT /job/{id} job.submit"]).Order(),
        Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key} {method.Value!["operationId"]}")).Order());

    [Theory, MemberData(nameof(Ids))]
    public void An_operation_says_what_it_does_what_it_needs_and_what_it_answers(string id)
    {
        var (operation, described) = Find(id);

        Assert.NotEmpty(described["summary"]!.GetValue<string>());
        Assert.Equal(operation.Permission, described["x-permission"]?.GetValue<string>());
        Assert.Equal(!operation.RequiresToken ? "[]" : """[{"bearer":[]}]""", described["security"]!.ToJsonString());
        Assert.Equal(operation.Route.Members, Parameters(described).Where(parameter => parameter["in"]!.GetValue<string>() == "path").Select(parameter => parameter["name"]!.GetValue<string>()));
        Assert.NotNull(described["responses"]![operation.SuccessStatus.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.All(Parameters(described), parameter => Assert.NotEmpty(parameter["description"]!.GetValue<string>()));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Every_example_keeps_its_own_schema(string id)
    {
        var (_, described) = Find(id);
        foreach (var parameter in Parameters(described).Where(parameter => parameter["example"] is not null))
            Assert.Empty(Schema.Problems(parameter["schema"]!, parameter["example"]));
        if (described["requestBody"] is { } body)
            Assert.Empty(Schema.Problems(Json(body)["schema"]!, Json(body)["example"]));
        foreach (var response in described["responses"]!.AsObject().Where(response => response.Key[0] == '2' && response.Value!["content"] is not null))
        {
            Assert.NotNull(Json(response.Value!)["example"]);
            Assert.Empty(Schema.Problems(Json(response.Value!)["schema"]!, Json(response.Value!)["example"]));
        }

    }

    [Theory, MemberData(nameof(Ids))]
    public void The_answer_to_a_check_keeps_the_schema_of_what_can_be_checked(string id)
    {
        var (operation, described) = Find(id);
        var takesCheck = described["parameters"]!.AsArray().Any(parameter => (string?)parameter!["$ref"] == "#/components/parameters/check");

        Assert.Equal(operation.CanBeChecked, takesCheck);
        if (!operation.CanBeChecked || operation.RunsOn == RunsOn.Host || operation.SuccessStatus == 204)
            return;
        var schema = Json(described["responses"]!["200"]!)["schema"]!;
        foreach (var check in (string[])["""{"check":{"changed":null,"reason":"nobody knows"}}""", """{"check":{"changed":true,"diff":"+x\n","before":{},"after":{"a":1}}}"""])
            Assert.Empty(Schema.Problems(schema, JsonNode.Parse(check)));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Every_member_of_a_schema_is_described(string id)
    {
        var (_, described) = Find(id);
        var schemas = described["responses"]!.AsObject().Where(response => response.Key[0] == '2' && response.Value!["content"] is not null).Select(response => Json(response.Value!)["schema"]!);
        if (described["requestBody"] is { } body)
            schemas = schemas.Append(Json(body)["schema"]!);

        Assert.Empty(schemas.SelectMany(schema => Undescribed(schema, "$")));
    }

    [Fact]
    public void A_problem_of_the_controller_keeps_the_schema_of_problems()
    {
        var schema = Document["components"]!["responses"]!["problem"]!["content"]!["application/problem+json"]!["schema"]!;
        var example = Document["components"]!["responses"]!["problem"]!["content"]!["application/problem+json"]!["example"];

        Assert.NotNull(example);
        Assert.Empty(Schema.Problems(schema, example));
    }

    [Fact]
    public void Every_family_is_described() =>
        Assert.All(Document["tags"]!.AsArray(), tag => Assert.NotEmpty(tag!["description"]?.GetValue<string>() ?? ""));

    [Fact]
    public void Every_reference_leads_somewhere() => Assert.All(References(Document), reference =>
        Assert.NotNull(Resolve(reference)));

    internal static JsonNode? Resolve(string reference) => reference.Split('/')[1..].Aggregate((JsonNode?)Document, (node, name) => node?[name]);

    private static (Operation Operation, JsonObject Described) Find(string id)
    {
        var operation = OperationCatalog.Default.Single(operation => operation.Id == id);
        return (operation, Document["paths"]![operation.Route.Template]![operation.Route.Method.ToLowerInvariant()]!.AsObject());
    }

    private static IEnumerable<JsonNode> Parameters(JsonObject described) => described["parameters"]!.AsArray()
        .Select(parameter => parameter!["$ref"] is { } reference ? Document["components"]!["parameters"]![reference.GetValue<string>().Split('/')[^1]]! : parameter);

    private static JsonNode Json(JsonNode content) => (content["content"]!["application/json"] ?? content["content"]!["multipart/form-data"])!;

    private static IEnumerable<string> Undescribed(JsonNode? schema, string path)
    {
        if (schema is not JsonObject known)
            return [];
        var members = known["properties"] as JsonObject ?? [];
        return
        [
            .. members.Where(member => member.Value is not JsonObject { } described || described["description"] is null).Select(member => $"{path}.{member.Key}"),
            .. members.SelectMany(member => Undescribed(member.Value, $"{path}.{member.Key}")),
            .. Undescribed(known["items"], path + "[]"),
            .. Undescribed(known["additionalProperties"], path + ".*"),
            .. (known["oneOf"] as JsonArray ?? []).SelectMany(alternative => Undescribed(alternative, path)),
        ];
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member is { Key: "$ref" } ? [member.Value!.GetValue<string>()] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
