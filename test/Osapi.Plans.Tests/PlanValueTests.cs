using Osapi.Operations.Sample;

namespace Osapi.Plans.Tests;

/// <summary>Tests of plain YAML values: the contract decides whether they are text.</summary>
public sealed class PlanValueTests
{
    [Fact]
    public void A_plan_is_read_as_it_is_written()
    {
        var plan = PlanText.Read("""
            name: 1.10
            tasks:
              - {name: 007, op: node.hostname.get, target: web-01}
              - name: b
                op: job.get
                depends_on: 007
                with: {id: 01a20a86-e95a-7794-acef-2620a037a3d7}
              - {name: c, op: health.liveness.get, with: , depends_on: [b, b, 007]}
            """);

        Assert.Equal("1.10", plan.Name);
        Assert.Equal(["007", "b", "c"], plan.Tasks.Select(task => task.Name));
        Assert.Equal(["web-01", null, null], plan.Tasks.Select(task => task.Target?.Text));
        Assert.Equal(["007"], plan.Tasks[1].DependsOn);
        Assert.Equal(["b", "007"], plan.Tasks[2].DependsOn);
    }

    [Theory]
    [InlineData("0644")]
    [InlineData("1.10")]
    [InlineData("yes")]
    [InlineData("no")]
    [InlineData("on")]
    [InlineData("true")]
    [InlineData("1e3")]
    [InlineData("0x1F")]
    [InlineData("2026-01-01")]
    [InlineData("12:30:45")]
    [InlineData(".inf")]
    public void Where_text_is_expected_plain_values_keep_their_text(string text)
    {
        var request = PlanText.Sample($"cwd: {text}, env: {{A: {text}}}, args: [{text}]");

        Assert.Equal(text, request.Cwd);
        Assert.Equal(text, request.Env["A"]);
        Assert.Equal([text], request.Args);
    }

    [Theory]
    [InlineData("0644", 644)]
    [InlineData("+5", 5)]
    [InlineData("-5", -5)]
    [InlineData("0x1F", 31)]
    [InlineData("0o17", 15)]
    [InlineData("5000000000", 5_000_000_000)]
    [InlineData("!!int 5", 5)]
    public void Where_a_whole_number_is_wanted_it_is_one(string text, long number) => Assert.Equal(number, PlanText.Sample($"bytes: {text}").Bytes);

    [Theory]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1e-3", 0.001)]
    [InlineData("+1.5", 1.5)]
    public void Where_a_number_is_wanted_it_is_one(string text, double number) => Assert.Equal(number, PlanText.Sample($"weight: {text}").Weight);

    [Fact]
    public void Enumerations_and_constrained_texts_are_text()
    {
        var request = PlanText.Sample("mode: word_by_word, fallbacks: [raw], then: [1, a.service]");

        Assert.Equal(SampleMode.WordByWord, request.Mode);
        Assert.Equal([SampleMode.Raw], request.Fallbacks);
        Assert.Equal(["1", "a.service"], request.Then.Select(unit => unit.Value));
    }

    [Theory]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("")]
    public void Nothing_is_nothing(string text)
    {
        var request = PlanText.Sample($"cwd: {text}, bytes: {text}, owner: {text}");

        Assert.Null(request.Cwd);
        Assert.Null(request.Bytes);
        Assert.Null(request.Owner);
    }

    [Fact]
    public void Quotes_and_the_tag_for_text_make_text_of_anything()
    {
        var vars = PlanText.Sample("""vars: {a: "1", b: '~', c: !!str 5, d: 5, e: true, f: "", g: ! 7}""").Vars!;

        Assert.Equal("""{"a":"1","b":"~","c":"5","d":5,"e":true,"f":"","g":"7"}""", vars.ToJsonString());
    }

    [Fact]
    public void Free_values_have_the_types_of_the_yaml_core_schema()
    {
        var vars = PlanText.Sample("vars: {a: 1.1, b: yes, c: [1, {d: null}], e: -5, f: False, g: 2026-01-01, h: 0, i: ~, j: TRUE, k: 123456789012345, l: -0.25}").Vars!;

        Assert.Equal("""{"a":1.1,"b":"yes","c":[1,{"d":null}],"e":-5,"f":false,"g":"2026-01-01","h":0,"i":null,"j":true,"k":123456789012345,"l":-0.25}""", vars.ToJsonString());
    }

    [Theory]
    [InlineData("1.10")]
    [InlineData("1.0")]
    [InlineData("0644")]
    [InlineData("007")]
    [InlineData("+5")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("1e3")]
    [InlineData("1E+16")]
    [InlineData("0x1F")]
    [InlineData("0o17")]
    [InlineData("0.00001")]
    [InlineData("9007199254740993")]
    [InlineData("99999999999999999999")]
    [InlineData("1e400")]
    [InlineData(".inf")]
    public void A_free_number_that_would_not_print_as_it_is_written_is_text(string text)
    {
        var vars = PlanText.Sample($"vars: {{a: {text}, b: [{text}], c: {{d: {text}}}}}").Vars!;

        Assert.Equal((text, text, text), (vars["a"]!.GetValue<string>(), vars["b"]![0]!.GetValue<string>(), vars["c"]!["d"]!.GetValue<string>()));
    }

    [Fact]
    public void A_tag_says_what_a_free_value_is()
    {
        var vars = PlanText.Sample("vars: {a: !!float 1.10, b: !!int 0644, c: !!str 5}").Vars!;

        Assert.Equal("""{"a":1.10,"b":644,"c":"5"}""", vars.ToJsonString());
    }

    [Fact]
    public void Text_over_several_lines_keeps_its_lines()
    {
        var plan = PlanText.Read("name: p\ntasks:\n- name: a\n  op: sample.unit.run\n  target: _any\n  with:\n    unit: nginx\n    command: |\n      one\n      two\n");

        Assert.Equal("one\ntwo\n", Assert.IsType<RunSample>(plan.Tasks[0].Request).Command);
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_reported_and_not_rounded()
    {
        Assert.Equal(["6:36: bytes must be between -9223372036854775808 and 9223372036854775807"], PlanText.Problems(PlanText.With("bytes: 99999999999999999999")));
        Assert.Single(PlanText.Problems(PlanText.With("weight: 1e400")));
        Assert.Single(PlanText.Problems(PlanText.With("weight: .inf")));
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_accepted() =>
        Assert.Equal("p", PlanText.Read("\uFEFFname: p\r\ntasks:\r\n- {name: a, op: health.liveness.get}\r\n").Name);
}
