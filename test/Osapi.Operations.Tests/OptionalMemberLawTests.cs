using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;
using Osapi.Tests;

namespace Osapi.Operations.Tests;

/// <summary>
/// Tests of the requests that generated clients send, for every operation of the catalog, including future ones.
/// </summary>
public sealed class OptionalMemberLawTests
{
    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Select(operation => operation.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void Null_is_the_same_as_an_omitted_member_also_in_the_schema(string id)
    {
        var operation = Find(id);
        var schema = new ContractSchema(XmlDocs.None).Of(operation.RequestInfo)["properties"] as JsonObject;
        foreach (var property in operation.RequestInfo.Properties.Where(property => !property.IsRequired))
        {
            var without = Example(operation);
            without.Remove(property.Name);
            var with = Example(operation);
            with[property.Name] = null;

            Assert.Equal(BoundOrRefused(operation, without), BoundOrRefused(operation, with));
            // A member that takes any value takes null.
            if (BadRequests.IsAny(property))
                continue;
            Assert.Contains("null", schema![property.Name]!["type"]!.AsArray().Select(type => type!.GetValue<string>()));
            if (schema[property.Name]!["enum"] is JsonArray names)
                Assert.Contains(null, names);
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_required_member_is_not_null_and_the_schema_says_so(string id)
    {
        var operation = Find(id);
        var schema = new ContractSchema(XmlDocs.None).Of(operation.RequestInfo)["properties"] as JsonObject;
        foreach (var property in operation.RequestInfo.Properties.Where(property => property.IsRequired))
        {
            var members = Example(operation);
            members[property.Name] = null;

            Assert.Equal([$"{property.Name} must not be null"], RequestBinder.Bind(operation.RequestInfo, members).Problems.Select(problem => problem.ToString()));
            Assert.IsNotType<JsonArray>(schema![property.Name]!["type"]);
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_whole_number_may_be_written_with_a_fraction_of_zero(string id)
    {
        var operation = Find(id);
        foreach (var property in operation.RequestInfo.Properties)
            if (Whole(property) is { } write)
            {
                // 1 where it is in the range of the member.
                var given = RequestBinder.Bind(operation.RequestInfo, Given(operation, property.Name, write("1"))).Problems.Count == 0 ? "1" : "100";
                var plain = Bound(operation, Given(operation, property.Name, write(given)));
                foreach (var number in (string[])[$"{given}.0", $"{given}.000", $"{given}e0", $"0.{given}e{given.Length}", $"{given}0E-1"])
                    Assert.Equal(plain, Bound(operation, Given(operation, property.Name, write(number))));
                Assert.NotEmpty(RequestBinder.Bind(operation.RequestInfo, Given(operation, property.Name, write("1.5"))).Problems);
            }
    }

    private static Func<string, string>? Whole(JsonPropertyInfo property)
    {
        var info = property.Options.GetTypeInfo(property.PropertyType);
        return info.Kind == JsonTypeInfoKind.Enumerable && IsWhole(info.ElementType!) ? number => $"[{number}]" : IsWhole(info.Type) ? number => number : null;
    }

    private static bool IsWhole(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var number && (number == typeof(int) || number == typeof(long));

    private static JsonObject Given(Operation operation, string name, string json)
    {
        var members = Example(operation);
        members[name] = JsonNode.Parse(json);
        return members;
    }

    private static string Bound(Operation operation, JsonObject members)
    {
        var binding = RequestBinder.Bind(operation.RequestInfo, members);
        Assert.Empty(binding.Problems);
        return JsonSerializer.Serialize(binding.Value, operation.RequestInfo);
    }

    // A member can be required because of the value of another one.
    private static string BoundOrRefused(Operation operation, JsonObject members) =>
        RequestBinder.Bind(operation.RequestInfo, members) is { Problems: [_, ..] problems } ? string.Join('\n', problems) : Bound(operation, members);

    private static JsonObject Example(Operation operation) => JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();

    private static Operation Find(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        return operation;
    }
}
