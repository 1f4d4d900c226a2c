using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations.Json;
using Osapi.Operations.Sample;
using Osapi.Tests;

namespace Osapi.Operations.Tests.Json;

public sealed class ContractSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly ContractSchema schemas = new(XmlDocFiles.Sample);

    [Fact]
    public void A_rich_request_is_described_as_approved() => Approved.Match(Text(SampleOperations.Run.RequestInfo), "Json/RunSample.schema.json");

    [Fact]
    public void A_result_is_described_as_approved() => Approved.Match(Text(SampleOperations.Run.ResultInfo), "Json/SampleResult.schema.json");

    [Fact]
    public void A_schema_says_of_each_kind_of_member_what_it_may_be()
    {
        var members = schemas.Of(SampleOperations.Run.RequestInfo)["properties"]!.AsObject();

        Assert.Equal("""{"type":"string","minLength":1,"maxLength":4096}""", Rules("command"));
        Assert.Equal("""{"type":["integer","null"],"format":"int32","minimum":1,"maximum":300}""", Rules("timeout"));
        Assert.Equal("""{"type":["number","null"],"format":"double"}""", Rules("weight"));
        Assert.Equal("""{"type":["array","null"],"items":{"type":"string"},"maxItems":5}""", Rules("args"));
        Assert.Equal("""{"type":["object","null"],"additionalProperties":{"type":"string"},"maxProperties":3}""", Rules("env"));
        Assert.Equal("""{"type":["string","null"],"enum":["raw","template","word_by_word",null]}""", Rules("mode"));
        Assert.Equal("""{"type":["array","null"],"items":{"type":"string","enum":["raw","template","word_by_word"]}}""", Rules("fallbacks"));
        Assert.Equal("""{"type":"string","pattern":"^[A-Za-z0-9:_@-][A-Za-z0-9:_.@-]*$"}""", Rules("unit"));
        Assert.Equal("""{"type":["array","null"],"items":{"type":"string","pattern":"^[A-Za-z0-9:_@-][A-Za-z0-9:_.@-]*$"}}""", Rules("then"));
        Assert.Equal(
            """{"type":["object","null"],"additionalProperties":{"type":"string","pattern":"^[A-Za-z0-9:_@-][A-Za-z0-9:_.@-]*$"}}""", Rules("roles"));
        Assert.Equal("""{"type":["object","null"]}""", Rules("vars"));
        Assert.Equal("""{"type":["boolean","null"]}""", Rules("detached"));

        string Rules(string name)
        {
            var member = members[name]!.DeepClone().AsObject();
            Assert.NotEqual("", member["description"]!.GetValue<string>());
            member.Remove("description");
            return member.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        }
    }

    [Fact]
    public void A_request_takes_no_other_members_and_names_those_that_are_required()
    {
        var schema = schemas.Of(SampleOperations.Run.RequestInfo);

        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        Assert.Equal(["unit", "command"], schema["required"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.False(schema["properties"]!["owner"]!["additionalProperties"]!.GetValue<bool>());
    }

    [Fact]
    public void A_result_may_have_other_members()
    {
        var schema = schemas.Of(SampleOperations.Run.ResultInfo);

        Assert.Null(schema["additionalProperties"]);
        Assert.Equal(["output", "changed"], schema["required"]!.AsArray().Select(name => name!.GetValue<string>()));
    }

    [Fact]
    public void Without_documentation_there_are_no_descriptions() =>
        Assert.DoesNotContain("description", new ContractSchema(XmlDocs.None).Of(SampleOperations.Run.RequestInfo).ToJsonString(), StringComparison.Ordinal);

    [Fact]
    public void A_size_says_only_the_ends_it_has()
    {
        JsonObject schema = [];

        new LengthAttribute(1, int.MaxValue).Describe(schema, System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.None);
        new LengthAttribute(0, 5).Describe(schema, System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Enumerable);

        Assert.Equal("""{"minLength":1,"maxItems":5}""", schema.ToJsonString());
    }

    private string Text(System.Text.Json.Serialization.Metadata.JsonTypeInfo info) => schemas.Of(info).ToJsonString(Indented);
}
