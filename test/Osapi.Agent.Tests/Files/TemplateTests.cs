using System.Text;
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
        {"port":8080,"big":1048576,"huge":10000000000000000000000,"half":0.5,"version":1.10,"zero":1.0,"versions":[1.10,2.50],"small":0.00001,"beyond":1e300,"on":true,"off":false,"none":null,"name":"a<b>&\"c\"",
         "list":[1,"two"],"tree":{"leaf":"x","size":3},"with space":1,"holes":[null,1],"users":[{"name":"a"},{"id":1},null]}
        """;

    [Theory]
    [InlineData("plain { text } with % and } }", "plain { text } with % and } }")]
    [InlineData("{{ vars.port }}", "8080")]
    [InlineData("{{ .Vars.port }}", "8080")]
    [InlineData("{{.Vars.port}}", "8080")]
    [InlineData("{{ hostname }} {{ .Hostname }} {{ facts.hostname }}", "web-01 web-01 web-01")]
    [InlineData("{{ vars.big }} {{ vars.huge }} {{ vars.half }} {{ vars.small }} {{ vars.beyond }}", "1048576 10000000000000000000000 0.5 0.00001 1e300")]
    [InlineData("{{ vars.version }} {{ vars.zero }} {% for v in vars.versions %}{{ v }},{% endfor %}{{ vars.version | append: 'x' }} {{ vars.version | plus: 1 }} {% if vars.version > 1.09 and vars.version == 1.1 %}y{% endif %}", "1.10 1.0 1.10,2.50,1.10x 2.1 y")]
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
    [InlineData("{% comment %}{% endcomment ' %}{{ ' }}{% endcomment %}{{ .Vars.port }}", "8080")]
    [InlineData("{% # it's a comment %}{{ .Vars.port }}", "8080")]
    [InlineData("{{ 'it\\'s .Vars.port' }} {{ .Vars.port }}", "it's .Vars.port 8080")]
    [InlineData("{{-.Hostname-}} {{-hostname-}} {{- .Hostname -}} {%-if .Vars.on-%}y{%-endif-%}", "web-01web-01web-01y")]
    [InlineData("{{ .vars.port }} {{ .facts.hostname }} {{ .hostname }}", "8080 web-01 web-01")]
    [InlineData("{% assign port-a = .Vars.port %}{{ .port-a }} {% if .5 < 1 %}y{% endif %}", "8080 y")]
    [InlineData("[{{ vars.holes[0] }}][{{ vars.holes.first }}]{% assign x = nil %}[{{ x }}]", "[][][]")]
    [InlineData("{% for x in vars.none %}{{ x }}{% else %}none{% endfor %}", "none")]
    [InlineData("{{ vars.list.first }} {{ vars.list.last }} {{ vars.list['size'] }} {{ hostname.size }}", "1 two 2 6")]
    [InlineData("{{ vars.users | where: 'name', 'a' | size }}", "1")]
    [InlineData("{% if vars contains 'nope' %}y{% else %}n{% endif %}{% if facts contains 'custom' %}y{% endif %}", "ny")]
    [InlineData("{% for i in vars.list limit: 1 %}{{ i }}{% endfor %}|{% for i in vars.list offset: continue %}{{ i }}{% endfor %}", "1|two")]
    [InlineData("{% capture a %}{% for i in (1..3) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}{% endcapture %}{{ a }}", "1")]
    [InlineData("{% for i in (1..3) %}{% capture b %}{{ i }}{% continue %}{% endcapture %}x{% endfor %}{{ b }}", "3")]
    [InlineData("{% for i in (1..4) %}{% ifchanged %}{{ i | divided_by: 2 }}{% endifchanged %}{% endfor %}", "012")]
    [InlineData("{% assign r = (2..4) %}{{ r | join: ',' }}{% for i in (3..1) %}{{ i }}{% endfor %}", "2,3,4")]
    [InlineData("{{ '2024-02-03' | date: '%Y-%-m-%d 20240203' }} {{ 1 | format_number: 'F2' }} {{ '20240203 {0:F2}' | format_string: 1 }}", "2024-2-03 20240203 1.00 20240203 1.00")]
    [InlineData("{% assign x = vars.port | plus: 1 %}{{ x }}", "8081")]
    [InlineData("{{ '' | append: vars.port | upcase | default: 'x' }}", "8080")]
    [InlineData("Grüße, 世界 {{ vars.port }}", "Grüße, 世界 8080")]
    [InlineData("", "")]
    public async Task Renders(string template, string expected) => Assert.Equal(expected, await RenderAsync(template));

    [Theory]
    [InlineData("{{ vars.nope }} {{ nope }} {{ facts.nope.x }} {{ vars.tree.nope }} {{ vars.nope }} {{ vars.port }}", "undefined: vars.nope, nope, facts.nope, vars.tree.nope")]
    [InlineData("{% if vars.nope %}x{% endif %}", "undefined: vars.nope")]
    [InlineData("{{ .Vars.nope }}", "undefined: vars.nope")]
    [InlineData("{{ .Nope }} {{-.Nope-too-}} {{ .Vars.Port }}", "undefined: Nope, Nope-too, vars.Port")]
    [InlineData("{{ .Hostname.x }} {{ vars.port.x.y }} {{ vars.none.x }} {{ vars.nope }} {{ vars.port.size }}", "undefined: hostname.x, vars.port.x, vars.none.x, vars.nope, vars.port.size")]
    [InlineData("{{ vars.list[7] }} {{ vars.list[-1] }} {{ vars.list['abc'] }} {{ vars.list[0.5] }} {{ vars.list.x }}", "undefined: vars.list[7], vars.list[-1], vars.list.abc, vars.list[0.5], vars.list.x")]
    [InlineData("{{ vars['no such'] }} {{ vars[vars.none] }} {{ vars[nope] }} {{ vars.port['x'] }}", "undefined: vars['no such'], vars[nil], nope, vars.port.x")]
    [InlineData("{% assign x = nil %}{{ x.y }}{% for i in (1..2) %}{{ forloop.nope }}{% endfor %}", "undefined: x.y, forloop.nope")]
    [InlineData("{% for user in vars.users %}{{ user.name }}{% endfor %}", "undefined: vars.users[1].name, user.name")]
    [InlineData("{% for x in vars.nope %}{% endfor %}{% for i in (1..vars.no) %}{% endfor %}{% for i in vars.list limit: nix offset: nada %}{% endfor %}", "undefined: vars.nope, vars.no, nada, nix")]
    [InlineData("{% tablerow x in vars.nope %}{% endtablerow %}{% case vars.no %}{% when nix %}{% endcase %}{% cycle nada, 'x' %}", "undefined: vars.nope, vars.no, nix, nada")]
    [InlineData("{% capture x %}{{ nope }}{% endcapture %}{% ifchanged %}{{ no }}{% endifchanged %}{% if a == b and c contains d %}{% elsif e %}{% endif %}{% unless f %}{% endunless %}", "undefined: nope, no, a, b, c, d, e, f")]
    [InlineData("{{ vars.users | map: 'name' | size }}", "undefined: vars.users[1].name")]
    [InlineData("{{ vars.nope | default: 'x' }}", "undefined: vars.nope")]
    [InlineData("{{ vars.port | divided_by: vars.nope }}", "undefined: vars.nope")]
    [InlineData("{% for i in (1..300) %}{{ vars.list[i] }}{% endfor %}", ", vars.list[101] and 199 more")]
    [InlineData("{{ facts.custom.nope }}", "undefined: facts.custom.nope")]
    [InlineData("a\n{% liquid\necho hostname\necho hostname\n%}", "the liquid tag at (2:1) is not supported; write a tag for each of its lines")]
    [InlineData("A{%- liquid echo hostname %}B", "the liquid tag at (1:2) is not supported")]
    [InlineData("{{ 'a' | replace: '', 'b' }}", "the filter replace: ")]
    [InlineData("{{ vars.users | sort: 'id' | sort }}{{ 1 | slice: 'a' }}", "the filter slice: ")]
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
    [InlineData("{% for i in (1..900000) %}{% assign x = i %}{% endfor %}", "steps")]
    [InlineData("{% for i in (1..2000000000) %}{{ i }}{% endfor %}", "a list of more than 1000000 elements")]
    [InlineData("{% assign s = 'xxxxxxxx' %}{% for i in (1..18) %}{% assign s = s | append: s %}{% endfor %}{{ s | split: '' }}", "elements")]
    [InlineData("{% assign s = 'xxxxxxxx' %}{% for i in (1..18) %}{% assign s = s | append: s %}{% endfor %}{{ s | reverse }}", "elements")]
    [InlineData("{% assign s = '\n\n\n\n' %}{% for i in (1..18) %}{% assign s = s | append: s %}{% endfor %}{{ s | newline_to_br }}", "characters")]
    [InlineData("{% assign l = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' | split: ',' %}{% for i in (1..18) %}{% assign l = l | concat: l %}{% endfor %}{{ l | upcase }}", "characters")]
    [InlineData("{% assign l = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' | split: ',' %}{% for i in (1..18) %}{% assign l = l | concat: l %}{% endfor %}{{ '' | append: l }}", "characters")]
    [InlineData("{{ 'now' | date: '%Y %2000000000n' }}", "a width of more than 1000")]
    [InlineData("{{ 'now' | date: '%99999999999999999999N' }}", "a width of more than 1000")]
    [InlineData("{{ 1 | format_number: 'F999999999' }}", "a width of more than 1000")]
    [InlineData("{{ 'x {0:F999999999}' | format_string: 1 }}", "a width of more than 1000")]
    [InlineData("{{ 'x {0,-999999}' | format_string: 1 }}", "a width of more than 1000")]
    [InlineData("{% capture x %}{% for i in (1..450000) %}0123456789{% endfor %}{% endcapture %}", "characters")]
    [InlineData("{% assign a = (1..900000) %}{% assign b = (1..900000) %}", "texts and lists of more than 32 MiB in all")]
    [InlineData("{% assign a = (1..500000) %}{% for i in a %}{% for j in a %}{% for k in a %}x{% endfor %}{% endfor %}{% endfor %}", "texts and lists of more than 32 MiB in all")]
    [InlineData("{% for i in (1..90000) %}{% ifchanged %}01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789{% endifchanged %}{% endfor %}", "texts and lists of more than 32 MiB in all")]
    [InlineData("{% for i in (1..900000) %}0123456789{% endfor %}", "characters")]
    [InlineData("{% assign s = 'xxxxxxxx' %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}", "characters")]
    [InlineData("{% assign s = 'xxxxxxxx' %}{% for i in (1..18) %}{% assign s = s | append: s %}{% endfor %}{{ s | replace: 'x', s }}", "characters")]
    [InlineData("{% assign l = 'a,b,c,d' | split: ',' %}{% for i in (1..40) %}{% assign l = l | concat: l %}{% endfor %}", "texts and lists of more than 32 MiB in all")]
    public async Task Stops_what_takes_too_much(string template, string what)
    {
        var error = await Assert.ThrowsAsync<OperationException>(() => RenderAsync(template));

        Assert.Contains($"more than ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_texts_together_have_a_bound()
    {
        const string Doubled = "{% assign s = 'xxxxxxxx' %}{% for i in (1..14) %}{% assign s = s | append: s %}{% endfor %}";
        string Texts(int count) => Doubled + string.Concat(Enumerable.Range(0, count).Select(i => $"{{% assign a{i} = s | append: 'N' %}}")) + "{{ a0.size }}";

        Assert.Equal("131073", await RenderAsync(Texts(120)));
        var error = await Assert.ThrowsAsync<OperationException>(() => RenderAsync(Texts(400)));

        Assert.Equal("the template app.conf cannot be rendered: it creates texts and lists of more than 32 MiB in all", error.Message);
    }

    [Fact]
    public async Task Configured_facts_are_read_as_references_spell_them()
    {
        Host host = new() { Name = "web-01", CustomFacts = new Dictionary<string, string> { ["site"] = "fra" } };

        var rendered = await FileTemplate.RenderAsync(
            "app.conf", "{{ facts.custom.site }} {{ .Facts.custom.site }} {{ facts.facts.site }} {{ facts.custom }}"u8.ToArray(), null, host, TestContext.Current.CancellationToken);

        Assert.Equal("fra fra fra {\"site\":\"fra\"}", Encoding.UTF8.GetString(rendered));
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
        await using var fixture = await FileFixture.OpenAsync();
        await fixture.StoreAsync("app.conf", "cpus = {{ facts.cpu_count }}, port = {{ .Vars.port }}\n");
        var request = fixture.Request(type: FileContentType.Template) with { Vars = new() { ["port"] = 80 } };

        await fixture.DeployAsync(request);
        Assert.Equal($"cpus = {Environment.ProcessorCount}, port = 80\n", fixture.Read("app.conf"));
        Assert.False((await fixture.DeployAsync(request)).Changed);
        var check = await fixture.CheckAsync(request with { Vars = new() { ["port"] = 81 } });

        Assert.Contains("port = 81\n", check.Diff, StringComparison.Ordinal);
        var entry = await fixture.FailAsync(request with { Vars = null }, ErrorType.Invalid);
        Assert.Equal("the template app.conf cannot be rendered: undefined: vars.port", entry.Error);
    }

    [Fact]
    public async Task References_to_facts_are_resolved_before_the_rules_are_applied()
    {
        await using var fixture = await FileFixture.OpenAsync();
        await fixture.StoreAsync("web-01.conf", "x");

        await fixture.DeployAsync(fixture.Request("@fact.hostname.out") with { ObjectName = "@fact.hostname.conf" });

        Assert.Equal("x", fixture.Read("web-01.out"));
        var entry = await new Osapi.Agent.Handlers.OperationExecutor(Osapi.Agent.Handlers.AgentHandlers.All, fixture.Host with { CustomFacts = new Dictionary<string, string> { ["evil"] = "../../etc" } })
            .RunAsync(FileOperations.Deploy.Id, """{"object_name":"web-01.conf","path":"/tmp/@fact.custom.evil/x","content_type":"raw"}"""u8.ToArray(), check: false, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorType.Invalid, entry.ErrorType);
    }

    [Fact]
    public void The_dotted_spelling_changes_nothing_but_itself_and_no_length()
    {
        var pieces = Gen.OneOf(
            "{{", "}}", "{%", "%}", " ", ".Vars", ".Facts.x", ".Hostname", "vars", "a.Vars", "'", "\"", "x", "\n", ".", "-", "raw", "endraw", "comment", "endcomment", "[", "]", "{", "}", ".Variety", "é");
        pieces.Array[0, 30].Select(string.Concat).Sample(template =>
        {
            var rewritten = GoTemplateSyntax.Rewrite(template);

            Assert.Equal(template.Length, rewritten.Length);
            for (var i = 0; i < template.Length; i++)
                Assert.True(
                    rewritten[i] == template[i]
                    || (template[i] == '.' && rewritten[i] == ' ')
                    || (char.ToLowerInvariant(template[i]) == rewritten[i] && template[i] is 'V' or 'F' or 'H' && template[i - 1] == '.'));
            Assert.Equal(rewritten, GoTemplateSyntax.Rewrite(rewritten));
        }, iter: 20_000);
    }

    private static async Task<string> RenderAsync(string template)
    {
        var vars = JsonNode.Parse(Vars)!.AsObject();
        return Encoding.UTF8.GetString(await FileTemplate.RenderAsync(
            "app.conf", Encoding.UTF8.GetBytes(template), vars, new Host { Name = "web-01" }, TestContext.Current.CancellationToken));
    }
}
