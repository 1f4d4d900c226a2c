using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Osapi.Agent.Files.Templates;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

public sealed class TemplateTests
{
    private const string Vars = """
        {"port":8080,"big":1048576,"huge":10000000000000000000000,"half":0.5,"small":0.00001,"beyond":1e300,"on":true,"off":false,"none":null,"name":"a<b>&\"c\"",
         "list":[1,"two"],"tree":{"leaf":"x","size":3},"with space":1}
        """;

    [Theory]
    [InlineData("plain { text } with % and } }", "plain { text } with % and } }")]
    [InlineData("{{ vars.port }}", "8080")]
    [InlineData("{{ .Vars.port }}", "8080")]
    [InlineData("{{.Vars.port}}", "8080")]
    [InlineData("{{ hostname }} {{ .Hostname }} {{ facts.hostname }}", "web-01 web-01 web-01")]
    [InlineData("{{ vars.big }} {{ vars.huge }} {{ vars.half }} {{ vars.small }} {{ vars.beyond }}", "1048576 10000000000000000000000 0.5 1E-05 1e300")]
    [InlineData("{{ vars.big | times: 1024 }}", "1073741824")]
    [InlineData("{{ vars.on }} {{ vars.off }} [{{ vars.none }}]", "true false []")]
    [InlineData("{{ vars.name }}", "a<b>&\"c\"")]
    [InlineData("{% for item in vars.list %}{{ item }};{% endfor %}", "1;two;")]
    [InlineData("{% for pair in vars.tree %}{{ pair[0] }}={{ pair[1] }};{% endfor %}", "leaf=x;size=3;")]
    [InlineData("{{ vars.tree.leaf }} {{ vars['tree']['leaf'] }} {{ vars.tree.size }} {{ vars.list.size }} {{ vars['with space'] }}", "x x 3 2 1")]
    [InlineData("{% if vars.small > 0 %}y{% endif %}{% if vars.small == 0.00001 %}e{% endif %}{% if vars.big > 1048575 %}b{% endif %}", "yeb")]
    [InlineData("{{ vars.tree }}", "{\"leaf\":\"x\",\"size\":3}")]
    [InlineData("{% if facts.cpu_count > 0 and facts.memory_total > 0 and facts.kernel_version != '' %}y{% endif %}", "y")]
    [InlineData("{% if .Vars.port == 8080 %}y{% else %}n{% endif %}", "y")]
    [InlineData("{% if vars.off or vars.none %}y{% else %}n{% endif %}", "n")]
    [InlineData("a{{- vars.port -}} b", "a8080b")]
    [InlineData("{{-.Vars.port}}", "8080")]
    [InlineData("{{ '.Vars.port' }} {{ \".Hostname\" }}", ".Vars.port .Hostname")]
    [InlineData("{% raw %}{{ .Vars.port }}{% endraw %}{{ .Vars.port }}", "{{ .Vars.port }}8080")]
    [InlineData("{% comment %}{{ .Vars.nope }}{% endcomment %}x", "x")]
    [InlineData("{% assign x = vars.port | plus: 1 %}{{ x }}", "8081")]
    [InlineData("{{ '' | append: vars.port | upcase | default: 'x' }}", "8080")]
    [InlineData("Grüße, 世界 {{ vars.port }}", "Grüße, 世界 8080")]
    [InlineData("", "")]
    public async Task Renders(string template, string expected) => Assert.Equal(expected, await RenderAsync(template));

    [Theory]
    [InlineData("{{ vars.nope }} {{ nope }} {{ facts.nope.x }} {{ vars.tree.nope }} {{ vars.nope }} {{ vars.port }}", "undefined: vars.nope, nope, facts.nope, vars.tree.nope")]
    [InlineData("{% if vars.nope %}x{% endif %}", "undefined: vars.nope")]
    [InlineData("{{ .Vars.nope }}", "undefined: vars.nope")]
    [InlineData("{{ .Nope }}", "")]
    [InlineData("{{ vars.port.x }}", "it reads an element or a member that its value does not have")]
    [InlineData("{{ vars.list[7] }}", "it reads an element or a member that its value does not have")]
    [InlineData("{{ vars.port", "End of tag '}}' was expected at (1:13)")]
    [InlineData("{% if vars.on %}x", "'{% endif %}' was expected at (1:18)")]
    [InlineData("{% include '/etc/passwd' %}", "Unknown tag 'include'")]
    [InlineData("{% render 'x' %}", "Unknown tag 'render'")]
    [InlineData("{{ vars.port | nope }}", "Undefined filter 'nope'")]
    [InlineData("{{ vars | json }}", "Undefined filter 'json'")]
    [InlineData("{{ vars.port | divided_by: 0 }}", "it divides by zero")]
    public async Task Explains(string template, string problem)
    {
        var error = await Assert.ThrowsAsync<OperationException>(() => RenderAsync(template));

        Assert.Equal(ErrorType.Invalid, error.Type);
        Assert.StartsWith("the template app.conf cannot be rendered: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("{% for i in (1..2000000) %}{{ i }}{% endfor %}", "steps")]
    [InlineData("{% for i in (1..900000) %}0123456789{% endfor %}", "characters")]
    [InlineData("{% assign s = 'xxxxxxxx' %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}", "characters")]
    [InlineData("{% assign s = 'xxxxxxxx' %}{% for i in (1..18) %}{% assign s = s | append: s %}{% endfor %}{{ s | replace: 'x', s }}", "characters")]
    [InlineData("{% assign l = 'a,b,c,d' | split: ',' %}{% for i in (1..40) %}{% assign l = l | concat: l %}{% endfor %}", "elements")]
    public async Task Stops_what_takes_too_much(string template, string what)
    {
        var error = await Assert.ThrowsAsync<OperationException>(() => RenderAsync(template));

        Assert.Contains($"more than ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused()
    {
        var error = await Assert.ThrowsAsync<OperationException>(() =>
            FileTemplate.RenderAsync("app.conf", [0xff, 0xfe], null, new Host { Name = "web-01" }, TestContext.Current.CancellationToken));

        Assert.Contains("not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_is_deployed_rendered_and_compared_rendered()
    {
        await using var room = await FileRoom.OpenAsync();
        await room.StoreAsync("app.conf", "cpus = {{ facts.cpu_count }}, port = {{ .Vars.port }}\n");
        var request = room.Request(type: FileContentType.Template) with { Vars = new() { ["port"] = 80 } };

        await room.DeployAsync(request);
        Assert.Equal($"cpus = {Environment.ProcessorCount}, port = 80\n", room.Read("app.conf"));
        Assert.False((await room.DeployAsync(request)).Changed);
        var check = await room.CheckAsync(request with { Vars = new() { ["port"] = 81 } });

        Assert.Contains("port = 81\n", check.Diff, StringComparison.Ordinal);
        var entry = await room.FailAsync(request with { Vars = null }, ErrorType.Invalid);
        Assert.Equal("the template app.conf cannot be rendered: undefined: vars.port", entry.Error);
    }

    [Fact]
    public async Task References_to_facts_are_put_in_place_before_the_rules_are_applied()
    {
        await using var room = await FileRoom.OpenAsync();
        await room.StoreAsync("web-01.conf", "x");

        await room.DeployAsync(room.Request("@fact.hostname.out") with { ObjectName = "@fact.hostname.conf" });

        Assert.Equal("x", room.Read("web-01.out"));
        var entry = await new Osapi.Agent.Handlers.Execution(Osapi.Agent.Handlers.AgentHandlers.All, room.Host with { CustomFacts = new Dictionary<string, string> { ["evil"] = "../../etc" } })
            .RunAsync(FileOperations.Deploy.Id, JsonElement.Parse("""{"object_name":"web-01.conf","path":"/tmp/@fact.custom.evil/x","content_type":"raw"}"""), check: false, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorType.Invalid, entry.ErrorType);
    }

    [Fact]
    public void The_dotted_spelling_changes_nothing_but_itself_and_no_length()
    {
        var pieces = Gen.OneOf(
            "{{", "}}", "{%", "%}", " ", ".Vars", ".Facts.x", ".Hostname", "vars", "a.Vars", "'", "\"", "x", "\n", ".", "-", "raw", "endraw", "comment", "endcomment", "[", "]", "{", "}", ".Variety", "é");
        pieces.Array[0, 30].Select(string.Concat).Sample(template =>
        {
            var rewritten = DottedSpelling.Rewrite(template);

            Assert.Equal(template.Length, rewritten.Length);
            var outside = template.Replace(".Vars", " vars", StringComparison.Ordinal).Replace(".Facts", " facts", StringComparison.Ordinal).Replace(".Hostname", " hostname", StringComparison.Ordinal);
            for (var i = 0; i < template.Length; i++)
                Assert.True(rewritten[i] == template[i] || rewritten[i] == outside[i]);
            Assert.Equal(rewritten, DottedSpelling.Rewrite(rewritten));
        }, iter: 20_000);
    }

    private static async Task<string> RenderAsync(string template)
    {
        var vars = JsonNode.Parse(Vars)!.AsObject();
        return Encoding.UTF8.GetString(await FileTemplate.RenderAsync(
            "app.conf", Encoding.UTF8.GetBytes(template), vars, new Host { Name = "web-01" }, TestContext.Current.CancellationToken));
    }
}
