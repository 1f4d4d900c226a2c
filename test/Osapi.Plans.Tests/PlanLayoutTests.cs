using System.Reflection;
using CsCheck;
using Osapi.Plans.Formatting;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Tests;

/// <summary>Tests of the canonical layout: comments and meaning stay.</summary>
public sealed class PlanLayoutTests
{
    private static readonly string Project = typeof(PlanLayoutTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    [Fact]
    public void The_layout_is_canonical_and_comments_stay()
    {
        const string Written = """


            # The plan.
            name:   p
            tasks:
            # The first.
            -   name: say   # loud
                op: command.shell.execute
                target:    _any
                with:
                        command: |
                           echo one

                             echo two
                        env: {A: b,
                           C:   d}


                # About dependencies.
                depends_on:
                - a
                -    b
            # The last.
            -  {name: load,   op: node.load.get, target: _any}
            # The end.



            """;

        var formatted = PlanLayout.Of(new("", Written));

        Assert.Equal(
            """
            # The plan.
            name: p
            tasks:
              # The first.
              - name: say   # loud
                op: command.shell.execute
                target: _any
                with:
                  command: |
                     echo one

                       echo two
                  env: {A: b,
                     C:   d}

                # About dependencies.
                depends_on:
                  - a
                  - b
              # The last.
              - {name: load,   op: node.load.get, target: _any}
            # The end.

            """,
            formatted);
    }

    [Fact]
    public void An_example_keeps_its_layout() =>
        Assert.All(Directory.GetFiles(Path.Combine(Project, "../../examples"), "*.yaml"), file => Assert.Equal(File.ReadAllText(file), PlanLayout.Of(new("", File.ReadAllText(file)))));

    [Theory]
    [InlineData("a: |+\n  x\n\n\nb: 1\n")]
    [InlineData("a: |2\n   x\nb:\n    - c\n")]
    [InlineData("a: 'x\n\n  y'\nb: \"z\\\n  w\"\n")]
    [InlineData("a: x\n  y\n  z\nb:\n- - 1\n  - 2\n-   - 3\n")]
    [InlineData("? a\n: b\n")]
    [InlineData("a: &x\n    b: 1\nc: *x\n")]
    [InlineData("-\n  a: 1\n-\n  - b\n")]
    [InlineData("a:\n  # only\n")]
    [InlineData("")]
    public void The_meaning_never_changes(string text)
    {
        SourceText source = new("", text);
        if (PlanLayout.Of(source) is not { } formatted)
            return;

        Assert.True(HaveOneMeaning(source, formatted));
        Assert.Equal(formatted, PlanLayout.Of(new("", formatted)));
    }

    [Fact]
    public void Of_random_files_each_keeps_its_meaning_or_stays_as_it_is()
    {
        string[] parts = ["a: 1", "b:", "- x", "- y: 2", "  z: |", "   text", "# c", "", "  ", "'q'", "[1,", "2]", ">-", "k: {m: n}", "   deep: 1", "    - i", "-", "? q", ": r", "&a v", "*a", "\"s", "t\""];
        Gen.Int[0, parts.Length - 1].Array[1, 12].Sample(
            lines =>
            {
                SourceText source = new("", string.Join('\n', lines.Select(line => parts[line])) + "\n");
                return PlanLayout.Of(source) is not { } formatted || HaveOneMeaning(source, formatted);
            },
            iter: 20_000);
    }

    private static bool HaveOneMeaning(SourceText source, string formatted)
    {
        var (before, after) = (YamlReader.Read(source), YamlReader.Read(new("", formatted)));
        return after.Failure is null && (before.Root is null ? after.Root is null : NodeComparison.AreEqual(before.Root, after.Root!));
    }
}
