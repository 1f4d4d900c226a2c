using System.Diagnostics;
using System.Text;
using CsCheck;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Tests;

/// <summary>Tests of maliciously large or deep files.</summary>
public sealed class PlanLimitTests
{
    private static readonly string[] Marks = ["{", "}", "[", "]", ":", ": ", "- ", "\n", "\t", "&a ", "*a", "!x ", "!!int ", "\"", "'", "|", ">", "? ", "#", "%", "@", "~", "\0", "\u0085", "\uFFFF", "\"\\uD800\"", "<<: *a", "1e999", "---", "...", ", "];

    [Fact]
    public void An_alias_has_the_value_of_its_anchor()
    {
        var plan = PlanText.Read("""
            name: p
            tasks:
              - &first {name: a, op: node.load.get, target: &where "group:web"}
              - {name: b, op: node.load.get, target: *where}
            """);

        Assert.Equal(["group:web", "group:web"], plan.Tasks.Select(task => task.Target!.Text));
    }

    [Fact]
    public void An_alias_bomb_is_reported_at_the_alias_that_exceeds_the_limit()
    {
        StringBuilder text = new("name: p\nbomb:\n  - &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
            text.Append($"  - &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        var problems = PlanText.Problems(text.ToString());

        Assert.Equal(["8:45: more than 1000000 values, aliases followed"], problems);
    }

    [Theory]
    [InlineData("name: &a [*a]\n", "1:11: the alias 'a' refers to itself")]
    [InlineData("name: *a\n", "1:7: there is no anchor 'a' before this alias")]
    public void An_alias_of_an_incomplete_node_is_reported(string text, string problem) => Assert.Equal([problem], PlanText.Problems(text));

    [Fact]
    public void Aliases_cannot_nest_deeper_than_what_is_written_can()
    {
        StringBuilder text = new("name: p\ndeep:\n  - &a0 [x]\n");
        for (var i = 1; i < 5000; i++)
            text.Append($"  - &a{i} [*a{i - 1}]\n");

        var problem = Assert.Single(PlanText.Problems(text.ToString()));

        Assert.EndsWith(": nested deeper than 64 levels", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Deep_nesting_is_reported_where_it_becomes_too_deep(string opening)
    {
        var started = Stopwatch.GetTimestamp();

        var problem = Assert.Single(PlanText.Problems("x: \n  " + string.Concat(Enumerable.Repeat(opening, 100_000))));

        Assert.EndsWith(": nested deeper than 64 levels", problem, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_file_that_is_not_text_is_reported_with_the_byte_position() =>
        Assert.Equal(["2:7: the file is not text in UTF-8"], YamlBytes.Parse([.. "name: p\nfile: "u8, 0xFF, .. "\n"u8]).Problems.Select(problem => problem.ToString()));

    [Fact]
    public void A_randomly_mutated_plan_is_read_or_reported_and_never_causes_an_exception()
    {
        var good = PlanText.With("args: [a, 0644], timeout: 5, env: {A: \"1\"}, mounts: [{source: /a}], vars: {x: [1, {y: ~}]}") + "- {name: b, op: job.get, with: {id: x}, depends_on: [a]}\n";
        var edit = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 8], Gen.OneOf(
            Gen.Int[0, Marks.Length - 1].Select(mark => Marks[mark]),
            Gen.String[Gen.Char, 0, 4]));

        edit.Array[1, 6].Sample(
            edits =>
            {
                var text = edits.Aggregate(good, (current, change) =>
                    current[..Math.Min(change.Item1, current.Length)] + change.Item3 + current[Math.Min(change.Item1 + change.Item2, current.Length)..]);
                var (plan, problems) = PlanText.Parse(text);
                return plan is null ? problems.Count > 0 && problems.All(problem => problem is { Line: > 0, Column: > 0, Message.Length: > 0 }) : problems.Count == 0;
            },
            iter: Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 200_000 : 10_000);
    }
}
