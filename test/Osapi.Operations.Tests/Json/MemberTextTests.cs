using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations.Json;
using Osapi.Operations.Sample;

namespace Osapi.Operations.Tests.Json;

public sealed class MemberTextTests
{
    [Theory]
    [InlineData("timeout", "a number", "30", "30")]
    [InlineData("timeout", "the last counts", "5", "30", "5")]
    [InlineData("timeout", "no number stays text", "\"x\"", "x")]
    [InlineData("timeout", "no whole number stays text", "\"1.5\"", "1.5")]
    [InlineData("bytes", "any size", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("share", "decimals", "0.5", "0.5")]
    [InlineData("price", "exactly", "9.990", "9.990")]
    [InlineData("share", "no decimal holds it", "\"1e400\"", "1e400")]
    [InlineData("detached", "true", "true", "true")]
    [InlineData("detached", "words", "\"yes\"", "yes")]
    [InlineData("mode", "an enum", "\"raw\"", "raw")]
    [InlineData("command", "text stays text", "\"30\"", "30")]
    [InlineData("args", "a list takes all", """["a","1"]""", "a", "1")]
    [InlineData("fallbacks", "of anything", """["raw"]""", "raw")]
    [InlineData("env", "a map takes all", """{"A":"1","B":"x=y","C":""}""", "A=1", "B=x=y", "C=")]
    [InlineData("env", "the last counts", """{"A":"2"}""", "A=1", "A=2")]
    [InlineData("weights", "by the type of its values", """{"x":1}""", "x=1")]
    [InlineData("env", "or JSON", """{"A":"1"}""", """{"A":"1"}""")]
    [InlineData("env", "and else text", "\"A\"", "A")]
    [InlineData("env", "and else text", "\"B\"", "A=1", "B")]
    [InlineData("env", "a name is needed", "\"=1\"", "=1")]
    [InlineData("owner", "a record is JSON", """{"name":"x"}""", """{"name":"x"}""")]
    [InlineData("owner", "or text", "\"x\"", "x")]
    [InlineData("vars", "free values are JSON", """{"port":8080,"name":"web-01","list":[1],"none":"null"}""", "port=8080", "name=web-01", "list=[1]", "none=null")]
    [InlineData("vars", "broken JSON is text", """{"a":"{","b":"{\"x\":1,\"x\":2}"}""", "a={", "b={\"x\":1,\"x\":2}")]
    public void Text_becomes_what_its_member_wants(string member, string because, string json, params string[] values) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), Node(member, values)), $"{because}: {Node(member, values).ToJsonString()}");

    [Theory]
    [InlineData("vars", "a={\"\\ud800\":1}")]
    [InlineData("vars", "a={\"x\":\"\\ud800\"}")]
    [InlineData("vars", "{\"x\":\"\\udc00\"}")]
    [InlineData("owner", "{\"\\ud800\":1}")]
    [InlineData("vars", "a=\"\ud800\"")]
    [InlineData("vars", "\ud800=\ud800")]
    [InlineData("owner", "\ud800")]
    [InlineData("env", "\0=\0")]
    public void Hostile_text_is_text(string member, string value)
    {
        var binding = RequestBinder.Bind(SampleOperations.Run.RequestInfo, new JsonObject { [member] = Node(member, [value]) });

        Assert.Contains(new Problem("command", "is required"), binding.Problems);
    }

    [Theory]
    [InlineData("8080", JsonValueKind.Number)]
    [InlineData("-1", JsonValueKind.Number)]
    [InlineData("0.5", JsonValueKind.Number)]
    [InlineData("1.10", JsonValueKind.String)]
    [InlineData("1e3", JsonValueKind.String)]
    [InlineData("1.0", JsonValueKind.String)]
    [InlineData("12345678901234567890123", JsonValueKind.String)]
    [InlineData("0644", JsonValueKind.String)]
    [InlineData("true", JsonValueKind.True)]
    [InlineData("\"8080\"", JsonValueKind.String)]
    public void A_free_number_is_one_only_when_it_is_printed_as_it_was_written(string text, JsonValueKind kind) =>
        Assert.Equal(kind, Node("vars", ["a=" + text])["a"]!.GetValueKind());

    [Fact]
    public void Depth_is_text_too() => Assert.NotNull(Node("vars", ["a=" + new string('[', 1_000_000)]));

    private static JsonNode Node(string member, string[] values)
    {
        var info = SampleOperations.Run.RequestInfo;
        return MemberParser.ToNode(info.Options.GetTypeInfo(info.Properties.Single(property => property.Name == member).PropertyType), values);
    }
}
