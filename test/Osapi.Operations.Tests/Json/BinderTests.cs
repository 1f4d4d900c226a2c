using System.Text;
using System.Text.Json.Nodes;
using Osapi.Operations.Command;
using Osapi.Operations.Json;
using Osapi.Operations.Sample;

namespace Osapi.Operations.Tests.Json;

public sealed class BinderTests
{
    private const string Fine = """ "unit": "nginx", "command": "ls" """;

    [Fact]
    public void Lists_every_error_at_once_with_its_own_message()
    {
        var problems = Problems("""
            {"comand":"ls","args":["a",3,null],"timeout":999,"env":{"A":1},"cwd":7,"mode":"fast","unit":"a b","owner":{"id":-1,"nam":"x"},
             "mounts":[{"source":""},{"labels":["a","b","c"]},7],"then":["ok","no good",null],"vars":[],"detached":"yes","share":2,"price":"1",
             "weights":{"x":1.5,"y":null},"roles":{"web":"../x"},"fallbacks":["raw",0],"bytes":"many"}
            """);

        Assert.Equal(
            """
            unit must be the name of a systemd unit
            command is required
            args[1] must be text
            args[2] must not be null
            timeout must be between 1 and 300
            bytes must be a whole number
            share must be between 0 and 1
            price must be a number
            env.A must be text
            weights.x must be a whole number
            weights.y must not be null
            roles.web must be the name of a systemd unit
            cwd must be text
            mode must be one of raw, template, word_by_word
            fallbacks[1] must be one of raw, template, word_by_word
            owner.name is required
            owner.id must be between 0 and 65535
            owner.nam is unknown; did you mean 'name'?
            mounts must have at most 2 elements, and has 3
            mounts[0].source must not be empty
            mounts[1].source is required
            mounts[1].labels must have at most 2 elements, and has 3
            mounts[2] must be an object
            then[1] must be the name of a systemd unit
            then[2] must not be null
            detached must be true or false
            vars must be an object
            comand is unknown; did you mean 'command'?
            """.ReplaceLineEndings("\n"),
            string.Join('\n', problems));
    }

    [Fact]
    public void Finds_the_same_broken_limits_whether_or_not_the_shape_is_right()
    {
        const string limits = """
            "unit": "u", "command": "", "timeout": 0, "share": 1.5, "price": 11, "args": ["1","2","3","4","5","6"],
            "mounts": [{"source":"12345678901"},{"source":""},{"source":"a","labels":["1","2","3"]}], "owner": {"name":"x","id":70000}
            """;

        var inShape = Problems($"{{{limits}}}");
        var outOfShape = Problems($$"""{{{limits}}, "cwd": 1}""");

        Assert.Equal(10, inShape.Count);
        Assert.Equal(inShape, outOfShape.Where(problem => problem != "cwd must be text"));
    }

    [Theory]
    [InlineData("""{ "unit": "u", "command": null }""", "command must not be null")]
    [InlineData("""{ "unit": null, "command": "c" }""", "unit must not be null")]
    [InlineData("""{ "unit": "u", "command": "c", "args": [null] }""", "args[0] must not be null")]
    [InlineData("""{ "unit": "u", "command": "c", "mounts": [null] }""", "mounts[0] must not be null")]
    [InlineData("""{ "unit": "u", "command": "c", "mounts": [{"source":"a","labels":[null]}] }""", "mounts[0].labels[0] must not be null")]
    [InlineData("""{ "unit": "u", "command": "c", "then": [null] }""", "then[0] must not be null")]
    [InlineData("""{ "unit": "u", "command": "c", "fallbacks": [null] }""", "fallbacks[0] must not be null")]
    [InlineData("""{ "unit": "u", "command": "c", "env": {"A":null} }""", "env.A must not be null")]
    [InlineData("""{ "unit": "u", "command": "c", "roles": {"A":null} }""", "roles.A must not be null")]
    [InlineData("""{ "unit": "u", "command": "c", "owner": {"name":null} }""", "owner.name must not be null")]
    public void Refuses_null_where_the_contract_has_none(string json, string problem) => Assert.Equal([problem], Problems(json));

    [Theory]
    [InlineData("timeout")]
    [InlineData("bytes")]
    [InlineData("share")]
    [InlineData("cwd")]
    [InlineData("mode")]
    [InlineData("owner")]
    [InlineData("vars")]
    [InlineData("weights")]
    [InlineData("detached")]
    [InlineData("args")]
    [InlineData("env")]
    [InlineData("fallbacks")]
    [InlineData("mounts")]
    [InlineData("then")]
    public void Takes_null_as_absent_where_the_contract_allows_it(string member) => Accepted($$"""{ {{Fine}}, "{{member}}": null }""");

    [Theory]
    [InlineData("""{ "unit": "u", "command": "c", "command": "d" }""")]
    [InlineData("""{ "unit": "u", "command": "c", "env": { "A": "1", "A": "2" } }""")]
    [InlineData("""{ "unit": "u", "command": "c", "vars": { "x": { "y": 1, "y": 2 } } }""")]
    [InlineData("""{ "unit": "u", "command": "c", "comm\u0061nd": "d" }""")]
    [InlineData("""{ "unit": "u", "command": "c", "owner": { "name": "a", "name": "a" } }""")]
    [InlineData("""{ "unit": "u", "command": "c", "zzz": { "y": 1, "y": 2 } }""")]
    public void Refuses_doubled_members(string json) => Assert.NotEmpty(Problems(json));

    [Theory]
    [InlineData("Command")]
    [InlineData("COMMAND")]
    [InlineData("command ")]
    public void Names_are_exact(string name) => Assert.Equal(
        ["command is required", $"{name} is unknown; did you mean 'command'?"],
        Problems($$"""{ "unit": "u", "{{name}}": "c" }"""));

    [Theory]
    [InlineData("Raw")]
    [InlineData("RAW")]
    [InlineData(" raw")]
    [InlineData("raw ")]
    [InlineData("raw, template")]
    [InlineData("raw,raw")]
    [InlineData("WordByWord")]
    [InlineData("")]
    [InlineData("0")]
    public void Enum_names_are_exact(string mode) =>
        Assert.Equal(["mode must be one of raw, template, word_by_word"], Problems($$"""{ {{Fine}}, "mode": "{{mode}}" }"""));

    // Numbers that need normalization are validated like all others next to another error.
    [Theory]
    [InlineData("[1.0, 300, 3]", "allow_exit_codes must have only elements between 0 and 255")]
    [InlineData("[1.0, {\"a\": 1}, 3]", "allow_exit_codes[1] must be a whole number")]
    [InlineData("[3e2]", "allow_exit_codes must have only elements between 0 and 255")]
    public void Whole_numbers_of_any_form_are_validated_beside_other_mistakes(string codes, string problem) =>
        Assert.Equal(
            [problem, "comand is unknown; did you mean 'command'?"],
            RequestBinder.Bind(CommandOperations.Exec.RequestInfo, Encoding.UTF8.GetBytes($$"""{"command": "ls", "comand": 1, "timeout": 1.0, "allow_exit_codes": {{codes}}}""")).Problems.Select(found => found.ToString()));

    [Theory]
    [InlineData("timeout", "1.5", "must be a whole number")]
    [InlineData("timeout", "1e-1", "must be between 1 and 300")]
    [InlineData("timeout", "1.0000000000000000000000000000000001", "must be a whole number")]
    [InlineData("timeout", "3e2147483647", "must be between 1 and 300")]
    [InlineData("timeout", "\"30\"", "must be a whole number")]
    [InlineData("timeout", "99999999999", "must be between 1 and 300")]
    [InlineData("timeout", "-99999999999999999999999999999999999999", "must be between 1 and 300")]
    [InlineData("bytes", "9223372036854775808", "must be between -9223372036854775808 and 9223372036854775807")]
    [InlineData("weights", "{\"x\":2147483648}", "must be between -2147483648 and 2147483647", "weights.x")]
    [InlineData("share", "1e400", "must be between 0 and 1")]
    [InlineData("share", "-1e400", "must be between 0 and 1")]
    [InlineData("share", "1e300", "must be between 0 and 1")]
    [InlineData("share", "\"NaN\"", "must be a number")]
    [InlineData("weight", "1e400", "must be a number")]
    [InlineData("price", "1e400", "must be between -10 and 10")]
    [InlineData("price", "1e28", "must be between -10 and 10")]
    [InlineData("owner", "{\"name\":\"x\",\"id\":1e999999999}", "must be between 0 and 65535", "owner.id")]
    public void Numbers_out_of_range_are_reported_as_such(string member, string value, string message, string? path = null)
    {
        Assert.Equal([$"{path ?? member} {message}"], Problems($$"""{ {{Fine}}, "{{member}}": {{value}} }"""));
        Assert.Equal([$"{path ?? member} {message}", "zzz is unknown"], Problems($$"""{ {{Fine}}, "{{member}}": {{value}}, "zzz": 1 }"""));
    }

    [Theory]
    [InlineData("timeout", "1")]
    [InlineData("timeout", "300")]
    [InlineData("share", "0")]
    [InlineData("share", "1")]
    [InlineData("share", "1e-400")]
    [InlineData("price", "-10.0")]
    [InlineData("weight", "1e308")]
    [InlineData("bytes", "-9223372036854775808")]
    [InlineData("bytes", "-9223372036854775808.000")]
    [InlineData("bytes", "92233720368547758070e-1")]
    [InlineData("timeout", "3E2")]
    [InlineData("weights", "{\"x\":-0.0,\"y\":1e3}")]
    [InlineData("owner", "{\"name\":\"x\",\"id\":0.65535e5}")]
    public void Limits_include_their_ends(string member, string value) => Accepted($$"""{ {{Fine}}, "{{member}}": {{value}} }""");

    [Fact]
    public void A_size_counts_characters_not_code_units()
    {
        Accepted($$"""{ {{Fine}}, "mounts": [{"source":"{{string.Concat(Enumerable.Repeat("😀", 10))}}"}] }""");
        Assert.Equal(
            ["mounts[0].source must have at most 10 characters, and has 11"],
            Problems($$"""{ {{Fine}}, "mounts": [{"source":"{{string.Concat(Enumerable.Repeat("😀", 11))}}"}] }"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    public void No_bytes_are_an_empty_request(string json) => Assert.Equal(["unit is required", "command is required"], Problems(json));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("\"text\"")]
    [InlineData("7")]
    [InlineData("true")]
    public void Anything_but_an_object_is_refused(string json) => Assert.Equal(["the request must be a JSON object"], Problems(json));

    [Theory]
    [InlineData("{")]
    [InlineData(" ")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{} {}")]
    [InlineData("{'a':1}")]
    [InlineData("{/* */}")]
    [InlineData("{\"unit\":\"u\",\"command\":\"c\",\"share\":NaN}")]
    [InlineData("{\"command\":\"a\nb\"}")]
    [InlineData("\uFEFF{}")]
    public void Broken_json_is_refused_with_its_place(string json) => Assert.StartsWith("the request is not valid JSON (line ", Assert.Single(Problems(json)), StringComparison.Ordinal);

    [Fact]
    public void The_place_of_a_syntax_error_counts_from_one() =>
        Assert.Equal(["the request is not valid JSON (line 2, position 3)"], Problems("{\n  x}"));

    [Theory]
    [InlineData("""{ "unit": "u", "command": "#" }""")]
    [InlineData("""{ "unit": "#", "command": "c" }""")]
    [InlineData("""{ "unit": "u", "command": "c", "#": 1 }""")]
    [InlineData("""{ "unit": "u", "command": "c", "env": { "#": "x" } }""")]
    [InlineData("""{ "unit": "u", "command": "c", "env": { "x": "#" } }""")]
    [InlineData("""{ "unit": "u", "command": "c", "vars": { "#": { "#": "#" } } }""")]
    [InlineData("""{ "unit": "u", "command": "c", "vars": "#" }""")]
    [InlineData("""{ "unit": "u", "command": "c", "mode": "#" }""")]
    public void Text_that_is_no_unicode_is_refused(string template)
    {
        foreach (var surrogate in (string[])["\\ud800", "\\udc00", "a\\ud800b", "\\udc00\\ud800"])
            Assert.NotEmpty(Problems(template.Replace("#", surrogate, StringComparison.Ordinal)));

        foreach (var bytes in (byte[][])[[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0xaf]])
            Assert.NotEmpty(Bind([.. template.Split('#').SelectMany((part, i) => i == 0 ? Encoding.UTF8.GetBytes(part) : [.. bytes, .. Encoding.UTF8.GetBytes(part)])]).Problems);
    }

    [Fact]
    public void Control_characters_are_text()
    {
        var request = Accepted("""{ "unit": "u", "command": "a\u0000b\u001b[2J", "env": { "\u0000": "\u0000" } }""");

        Assert.Equal("a\0b\u001b[2J", request.Command);
        Assert.Equal("\0", request.Env["\0"]);
    }

    [Fact]
    public void Control_characters_do_not_break_a_constrained_text()
    {
        foreach (var unit in (string[])["a\\u0000", "a\\n", "\\n", "a/../b", "..", ".", "", "a\\r", "forbidden", "ünit"])
            Assert.Equal(["unit must be the name of a systemd unit"], Problems($$"""{ "unit": "{{unit}}", "command": "c" }"""));
    }

    [Fact]
    public void Ten_megabytes_are_validated_like_ten_bytes()
    {
        var text = new string('x', 10_000_000);

        Assert.Equal(["command must have at most 4096 characters, and has 10000000"], Problems($$"""{ "unit": "u", "command": "{{text}}" }"""));
        Assert.Equal(["unit must be the name of a systemd unit"], Problems($$"""{ "unit": "{{text}} ", "command": "c" }"""));
        Assert.Equal([$"{new string('x', 77)}... is unknown"], Problems($$"""{ {{Fine}}, "{{text}}": 1 }"""));
        Assert.Equal([$"env.{new string('x', 77)}... must be text"], Problems($$"""{ {{Fine}}, "env": { "{{text}}": 1 } }"""));
        Assert.Equal([$"roles.{new string('x', 77)}... must not be null"], Problems($$"""{ {{Fine}}, "roles": { "{{text}}": null } }"""));
        Assert.Equal(text, Accepted($$"""{ {{Fine}}, "cwd": "{{text}}" }""").Cwd);
    }

    [Fact]
    public void A_flood_of_errors_is_cut_short()
    {
        var nulls = Problems($$"""{ {{Fine}}, "then": [{{string.Join(',', Enumerable.Repeat("null", 100_000))}}] }""");
        var unknown = Problems($$"""{ {{Fine}}, {{string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"x{i}\":1"))}} }""");

        Assert.Equal(101, nulls.Count);
        Assert.Equal("and 99900 more", nulls[^1]);
        Assert.Equal(101, unknown.Count);
        Assert.Equal("x0 is unknown", unknown[0]);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void Depth_is_bounded(int depth)
    {
        foreach (var member in (string[])["vars", "command", "args", "owner", "zzz"])
        {
            var objects = $$"""{ {{Fine}}, "{{member}}": {{string.Concat(Enumerable.Repeat("{\"a\":", depth))}}1{{new string('}', depth)}} }""";
            var lists = $$"""{ {{Fine}}, "{{member}}": {{new string('[', depth)}}{{new string(']', depth)}} }""";

            Assert.NotNull(Bind(objects));
            Assert.NotEmpty(Bind(lists).Problems);
        }
    }

    [Fact]
    public void Depth_is_named()
    {
        const string tooDeep = "the request is nested deeper than 32 levels";
        JsonNode node = 1;
        for (var i = 0; i < 100; i++)
            node = new JsonObject { ["a"] = node };

        Accepted($$"""{ {{Fine}}, "vars": {{string.Concat(Enumerable.Repeat("{\"a\":", 31))}}1{{new string('}', 31)}} }""");
        Assert.Equal([tooDeep], Problems($$"""{ {{Fine}}, "vars": {{string.Concat(Enumerable.Repeat("{\"a\":", 32))}}1{{new string('}', 32)}} }"""));
        Assert.Equal([tooDeep], RequestBinder.Bind(SampleOperations.Run.RequestInfo, new JsonObject { ["vars"] = node }).Problems.Select(problem => problem.ToString()));
        Assert.StartsWith("the request is not valid JSON", Assert.Single(Problems(new string('[', 30) + "x")), StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_were_built_too_deep_are_refused()
    {
        JsonNode node = 1;
        for (var i = 0; i < 5_000; i++)
            node = new JsonObject { ["a"] = node };

        var binding = RequestBinder.Bind(SampleOperations.Run.RequestInfo, new JsonObject { ["unit"] = "u", ["command"] = "c", ["vars"] = node });

        Assert.NotEmpty(binding.Problems);
    }

    [Fact]
    public void Members_may_come_one_by_one()
    {
        JsonObject members = new() { ["unit"] = "u", ["command"] = "c", ["timeout"] = 5, ["args"] = new JsonArray("x") };

        var request = Assert.IsType<RunSample>(RequestBinder.Bind(SampleOperations.Run.RequestInfo, members).Value);

        Assert.Equal(("u", "c", 5), (request.Unit.Value, request.Command, request.Timeout));
        Assert.Equal(["unit is required", "command is required"], RequestBinder.Bind(SampleOperations.Run.RequestInfo, new JsonObject()).Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void Rules_over_several_members_are_evaluated_once_every_member_is_valid()
    {
        Assert.Equal(
            ["timeout must not be given with detached", "owner and unit must differ"],
            Problems("""{ "unit": "u", "command": "c", "detached": true, "timeout": 5, "owner": { "name": "u" } }"""));
        Assert.Equal(
            ["timeout must be between 1 and 300"],
            Problems("""{ "unit": "u", "command": "c", "detached": true, "timeout": 0, "owner": { "name": "u" } }"""));
    }

    [Fact]
    public void Members_that_are_left_out_are_empty_not_null()
    {
        var request = Accepted($$"""{ {{Fine}} }""");

        Assert.Empty(request.Args);
        Assert.Empty(request.Env);
        Assert.Empty(request.Mounts);
        Assert.Empty(request.Then);
        Assert.Empty(request.Fallbacks);
        Assert.Null(request.Timeout);
    }

    [Fact]
    public void A_binding_says_everything_in_one_line() =>
        Assert.Equal("unit is required; command is required", Bind("{}").Text);

    private static IReadOnlyList<string> Problems(string json)
    {
        var binding = Bind(json);
        Assert.Null(binding.Value);
        return [.. binding.Problems.Select(problem => problem.ToString())];
    }

    private static RunSample Accepted(string json)
    {
        var binding = Bind(json);
        Assert.Empty(binding.Problems);
        return Assert.IsType<RunSample>(binding.Value);
    }

    private static Binding Bind(string json) => Bind(Encoding.UTF8.GetBytes(json));

    private static Binding Bind(byte[] json) => RequestBinder.Bind(SampleOperations.Run.RequestInfo, json);
}
