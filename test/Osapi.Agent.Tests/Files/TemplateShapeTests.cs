using System.Globalization;
using System.Text;
using Fluid.Ast;
using Fluid.Values;
using Osapi.Agent.Files.Templates;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Files;

/// <summary>Tests of deep nesting. A stack overflow would end this process, so a failure shows as a crash.</summary>
public sealed class TemplateShapeTests
{
    private const string Prefix = "the template app.conf cannot be rendered: ";

    // The parts of a nesting tag: its beginning, what is repeated before and after the middle, and its end.
    private static readonly (string Begin, string Before, string Middle, string After, string End)[] Tags =
    [
        ("{{ ", "(", "1", ")", " }}"),
        ("{{ ", "(", "", "", " }}"),
        ("{{ ", "(", "1 | divided_by: 0", ")", " }}"),
        ("{{ ", "(1|plus:", "1", ")", " }}"),
        ("{{ ", "((1|plus:", "1", "))", " }}"),
        ("{{ ", "(1 and ", "1", ")", " }}"),
        ("{{ 1", "|abs", "", "", " }}"),
        ("{{ 1", "|plus:1", "", "", " }}"),
        ("{{ 1|modulo:0", "|abs", "", "", " }}"),
        ("{{ 1", "|nope", "", "", " }}"),
        ("{{ ", "vars[", "1", "]", " }}"),
        ("{{ ", "vars[", "", "", " }}"),
        ("{{ ", "a[", "1", "]", " }}"),
        ("{{ ", "a[(", "1", ")]", " }}"),
        ("{{ vars", ".x", "", "", " }}"),
        ("{{ ", "-", "1", "", " }}"),
        ("{{ ", "(1..", "1", ")", " }}"),
        ("{{ 1 | plus: 1", ",1", "", "", " }}"),
        ("{% assign a = ", "(", "1", ")", " %}"),
        ("{% assign a = ", "vars[", "1", "]", " %}"),
        ("{% if 1", " or 1", "", "", " %}{% endif %}"),
        ("{% if 1", " and 1==1", "", "", " %}{% endif %}"),
        ("{% if 1", "==1", "", "", " %}{% endif %}"),
        ("{% unless ", "(", "1", ")", " %}{% endunless %}"),
        ("{% case ", "(", "1", ")", " %}{% when 1 %}{% endcase %}"),
        ("{% case 1 %}{% when 2", " or 2", "", "", " %}{% endcase %}"),
        ("{% for i in ", "a[", "1", "]", " %}{% endfor %}"),
        ("{% for i in vars limit: ", "(", "1", ")", " %}{% endfor %}"),
        ("{% tablerow i in ", "a[", "1", "]", " %}{% endtablerow %}"),
        ("{% cycle ", "(", "1", ")", " %}"),
        ("{% cycle 1", ",1", "", "", " %}"),
    ];

    private static readonly (string Begin, string End)[] Blocks =
    [
        ("{% if true %}", "{% endif %}"),
        ("{% if false %}{% else %}", "{% endif %}"),
        ("{% if false %}{% elsif true %}", "{% endif %}"),
        ("{% unless false %}", "{% endunless %}"),
        ("{% case 1 %}{% when 1 %}", "{% endcase %}"),
        ("{% case 1 %}{% else %}", "{% endcase %}"),
        ("{% for i in (1..1) %}", "{% endfor %}"),
        ("{% for i in hostname %}", "{% endfor %}"),
        ("{%- tablerow i in (1..1) -%}", "{%- endtablerow -%}"),
        ("{% capture a %}", "{% endcapture %}{{ a }}"),
        ("{%ifchanged%}", "{%endifchanged%}"),
    ];

    [Fact]
    public async Task Nested_tags_of_the_maximum_length_give_a_file_or_an_error()
    {
        foreach (var tag in Tags)
            await RenderAsync(Longest(tag, within: TemplateLimits.MaxTagLength));
    }

    [Fact]
    public async Task Longer_nested_tags_are_refused()
    {
        foreach (var tag in Tags)
            foreach (var length in (int[])[TemplateLimits.MaxTagLength + 20, 10_000, 200_000])
            {
                var tooLong = Longest(tag, within: length);

                var problem = await RenderAsync("\nxy" + tooLong);

                // A case tag precedes its when tags.
                var column = 3 + Math.Max(0, tooLong.IndexOf("{% when 2", StringComparison.Ordinal));
                Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{Prefix}the tag at (2:{column}) has more than 4096 characters, text in quotes not counted"), problem);
            }
    }

    [Fact]
    public async Task Text_in_quotes_does_not_make_a_tag_too_long() =>
        Assert.Equal("100000", await RenderAsync("{{ '" + new string('(', 99_998) + @"\'x' | size }}"));

    [Fact]
    public async Task A_tag_without_an_end_is_refused_where_it_begins() =>
        Assert.Equal($"{Prefix}the tag at (2:1) has more than 4096 characters, text in quotes not counted", await RenderAsync("x\n{{ " + new string('x', 5_000) + "\n"));

    [Fact]
    public async Task Blocks_nest_as_deep_as_they_may_and_no_deeper()
    {
        foreach (var block in Blocks)
        {
            Assert.Contains("x", await RenderAsync(Nested(block, "x", TemplateLimits.MaxBlockDepth)), StringComparison.Ordinal);
            Assert.DoesNotContain(Prefix, await RenderAsync(Nested(block, "x", TemplateLimits.MaxBlockDepth)), StringComparison.Ordinal);
            foreach (var depth in (int[])[TemplateLimits.MaxBlockDepth + 1, 3_000, 10_000])
                Assert.EndsWith("is more than 100 blocks deep", await RenderAsync(Nested(block, "x", depth)), StringComparison.Ordinal);
        }

        Assert.Equal($"{Prefix}the if tag at (101:2) is more than 100 blocks deep", await RenderAsync(Nested((" {% if true %}\n", "{% endif %}"), "x", 3_000)));
        Assert.EndsWith("is more than 100 blocks deep", await RenderAsync(Nested(("{% if true %}", ""), "x", 3_000)), StringComparison.Ordinal);
        Assert.EndsWith("is more than 100 blocks deep", await RenderAsync(Nested(("{% if true %}{% endfor %}", ""), "x", 3_000)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_deepest_tag_in_the_deepest_block_ends_in_a_file_or_an_error()
    {
        foreach (var block in Blocks)
            foreach (var tag in Tags)
                await RenderAsync(Nested(block, Longest(tag, within: TemplateLimits.MaxTagLength), TemplateLimits.MaxBlockDepth - 1));
    }

    [Fact]
    public async Task Adjacent_blocks_are_not_nested()
    {
        Assert.Equal("x", await RenderAsync("{% if false %}" + Repeated("{% elsif false %}", 20_000) + "{% else %}x{% endif %}"));
        Assert.Equal("x", await RenderAsync("{% case 1 %}" + Repeated("{% when 2 %}", 20_000) + "{% else %}x{% endcase %}"));
        Assert.Equal("", await RenderAsync(Repeated("{% if true %}{% endif %}", 20_000)));
        Assert.Equal(Repeated("{{ {% if %}", 20_000), await RenderAsync("{% raw %}" + Repeated("{{ {% if %}", 20_000) + "{% endraw %}"));
        Assert.Equal("", await RenderAsync("{% comment %}" + Repeated("{{ {% if %} ' ", 20_000) + "{% endcomment %}"));
    }

    [Fact]
    public async Task A_text_that_the_engine_parses_deeper_than_expected_is_also_refused()
    {
        Expression deep = new LiteralExpression(NumberValue.Zero);
        for (var i = 0; i < 100_000; i++)
            deep = new FilterExpression(deep, "abs", []);
        TemplateBudget budget = new(TimeProvider.System, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<RefusedTemplateException>(() => DeepStack.RunAsync(() => new TemplateRewriter(new UndefinedNames(), budget).Visit(deep)));

        Assert.Equal("it is nested too deeply", refused.Message);
    }

    private static string Nested((string Begin, string End) block, string middle, int depth) => Repeated(block.Begin, depth) + middle + Repeated(block.End, depth);

    // Repeated until the tag has that many characters between its braces; the first tag, or the when tag of a case.
    private static string Longest((string Begin, string Before, string Middle, string After, string End) tag, int within)
    {
        var braces = tag.Begin.LastIndexOf('{') + 2;
        var frame = tag.Begin.Length - braces + tag.Middle.Length + 1;
        var count = (within - frame) / (tag.Before.Length + tag.After.Length);
        var padding = within - frame - (count * (tag.Before.Length + tag.After.Length));
        return tag.Begin + new string(' ', padding) + Repeated(tag.Before, count) + tag.Middle + Repeated(tag.After, count) + tag.End;
    }

    private static string Repeated(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    // Returns the file, or the error.
    private static async Task<string> RenderAsync(string template)
    {
        try
        {
            return Encoding.UTF8.GetString(await FileTemplate.RenderAsync(
                "app.conf", Encoding.UTF8.GetBytes(template), new() { ["a"] = 1 }, new Host { Name = "web-01" }, TestContext.Current.CancellationToken));
        }
        catch (OperationException refused)
        {
            Assert.Equal(ErrorType.Invalid, refused.Type);
            return refused.Message;
        }
    }
}
