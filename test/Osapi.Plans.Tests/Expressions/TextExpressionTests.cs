using System.Text.Json.Nodes;
using Osapi.Operations.Facts;
using Osapi.Plans.Expressions;

namespace Osapi.Plans.Tests.Expressions;

public sealed class TextExpressionTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("", "\"\"")]
    [InlineData("${{ vars.port }}", "8080")]
    [InlineData("${{vars.sites}}", """["a","b","c"]""")]
    [InlineData(" ${{ vars.port }}", "\" 8080\"")]
    [InlineData("http://${{ host }}:${{ vars.port }}/", "\"http://web-01:8080/\"")]
    [InlineData("${{ vars.debug }}${{ vars.share }}", "\"false5\"")]
    [InlineData("$${{ vars.port }}", "\"${{ vars.port }}\"")]
    [InlineData("$$${{ vars.port }}", "\"$${{ vars.port }}\"")]
    [InlineData("${{ vars.port }}$${{", "\"8080${{\"")]
    [InlineData("{{ .Names }} ${ x }", "\"{{ .Names }} ${ x }\"")]
    [InlineData("${{ '}}' }}", "\"}}\"")]
    [InlineData("${{ '\\'}}' }}", "\"'}}\"")]
    [InlineData("${{ r'\\' }}", "\"\\\\\"")]
    [InlineData("${{ '''}}' ''' }}", "\"}}' \"")]
    [InlineData("${{ {'a': {'b': 1}} }}", """{"a":{"b":1}}""")]
    [InlineData("${{ {'a': {'b': 1}}}}", """{"a":{"b":1}}""")]
    public void Values_stand_in_texts(string text, string json) => Assert.Equal(json, Evaluate(text)?.ToJsonString(Relaxed));

    [Theory]
    [InlineData("a ${{ vars.port", "2+3: '${{' is never closed with '}}'; the three characters themselves are written '$${{'")]
    [InlineData("a ${{ vars.prt }} ${{ 1 + }}", "11+3: there is no 'prt' in vars; did you mean 'port'? (known: anything, debug, env, limits, names, owner, port, ports, role, share, sites, started)\n26+0: the expression ends where a value must follow '+'")]
    [InlineData("a ${{ 'b }}", "6+3: the text that begins with ' is never closed")]
    [InlineData("a ${{ }}", "5+1: the expression is empty")]
    [InlineData("a ${{ vars.sites }}", "5+12: a list of texts does not go into a text; join its texts with .join(', ')")]
    [InlineData("a ${{ results.install['x'] }}", "5+22: the result of 'install' does not go into a text")]
    public void Problems_say_where(string text, string problems) =>
        Assert.Equal(problems, string.Join("\n", TextExpression.Read(text, Sample.Scope).Problems));

    [Theory]
    [InlineData("a ${{ vars.owner }}", "5+12: null does not go into a text")]
    [InlineData("a ${{ vars.anything.list }}", "5+20: a list does not go into a text")]
    [InlineData("a ${{ 1 }} ${{ 1 / vars.anything.zero }}", "33+4: there is no 'zero'")]
    public void Failures_say_where(string text, string failure)
    {
        var thrown = Assert.Throws<ExpressionException>(() => Evaluate(text));

        Assert.Equal(failure, $"{thrown.Offset}+{thrown.Length}: {thrown.Message}");
    }

    [Fact]
    public void Reads_are_those_of_all_parts()
    {
        var text = TextExpression.Read("${{ host }} ${{ secrets.token }} ${{ results.probe.stdout }}", Sample.Scope).Text!;

        Assert.Equal(["probe"], text.Reads.Tasks);
        Assert.Equal(["token"], text.Reads.Secrets);
        Assert.True(text.Reads.LooksAtHost);
        Assert.False(text.IsWhole);
    }

    [Theory]
    [InlineData("@fact.hostname ${{ vars.v }}", "@fact.arch", "<hostname> @fact.arch")]
    [InlineData("root@${{ vars.v }}", "fact.arch", "root@fact.arch")]
    [InlineData("@fact.${{ vars.v }}", "arch", "<arch>")]
    [InlineData("@fact${{ vars.v }}", "..arch", "@fact..arch")]
    [InlineData("${{ vars.v }}", "@fact..x @fact.arch", "@fact..x @fact.arch")]
    [InlineData("@fact..${{ vars.v }}", "arch", "@fact.arch")]
    [InlineData("@fact.hostname${{ vars.v }}", ".x", "<hostname>.x")]
    public void Hosts_resolve_no_value(string text, string value, string resolved)
    {
        var request = With(text, value, TextForm.Request)!.GetValue<string>();

        Assert.Equal(resolved, FactReference.Resolve(request, fact => $"<{fact}>", []));
    }

    [Fact]
    public void Hosts_resolve_nothing_within_a_whole_value()
    {
        ExpressionScope scope = new() { Roots = new Dictionary<string, ExpressionRoot> { ["v"] = new(Osapi.Plans.Expressions.ValueType.Any) } };
        var text = TextExpression.Read("${{ v }}", scope, TextForm.Request).Text!;

        var value = text.Evaluate(new ExpressionValues().Add("v", () => JsonNode.Parse("""{"@fact.os": ["@fact.os", 1, {"a": "x@fact.os"}]}""")));

        Assert.Equal("""{"@fact.os":["@fact..os",1,{"a":"x@fact..os"}]}""", value!.ToJsonString());
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonNode? Evaluate(string text)
    {
        var (read, problems) = TextExpression.Read(text, Sample.Scope);
        Assert.Empty(problems);
        return read!.Evaluate(Sample.Values());
    }

    private static JsonNode? With(string text, string value, TextForm form)
    {
        ExpressionScope scope = new() { Roots = new Dictionary<string, ExpressionRoot> { ["vars"] = new(Osapi.Plans.Expressions.ValueType.Map(Osapi.Plans.Expressions.ValueType.Text)) } };
        return TextExpression.Read(text, scope, form).Text!.Evaluate(new ExpressionValues().Add("vars", () => new JsonObject { ["v"] = value }));
    }
}
