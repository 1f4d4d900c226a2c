using System.Text.Json;
using System.Xml.Linq;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of <c>osapi plan</c>.</summary>
public sealed class PlanCommandTests : CliTest
{
    private const string Broken = "name: deploy: web\ntasks:\n- name: load\n  op: node.laod.get\n  target: _any\n";

    private const string Two = "name: p\ntasks:\n- {name: a<b>, op: node.load.get, target: _any}\n- {name: c, op: node.uptime.get, target: _all, depends_on: a<b>}\n";

    [Fact]
    public async Task Validate_shows_each_problem_with_its_line()
    {
        var plan = fixture.File("plan.yaml", Broken);

        var ended = (await fixture.RunAsync("plan", "validate", plan)).With(ExitCode.BadInput);

        Assert.Equal(
            [
                $"error: {plan}:1:7: a value that contains ': ' needs quotes",
                "    1 | name: deploy: web",
                "      |       ^^^^^^^^^^^",
                "      = write: name: \"deploy: web\"",
                $"error: {plan}:4:7: there is no operation 'node.laod.get'; did you mean 'node.load.get'? (osapi operations lists them)",
                "    4 |   op: node.laod.get",
                "      |       ^^^^^^^^^^^^^",
            ],
            ended.ErrorLines);
    }

    [Fact]
    public async Task Validate_gives_problems_as_json_and_tells_that_a_plan_is_valid()
    {
        var ended = (await fixture.RunAsync("plan", "validate", fixture.File("plan.yaml", Broken), "--json")).With(ExitCode.BadInput);
        using var problems = JsonDocument.Parse(ended.Output);
        var good = fixture.File("good.yaml", Two);

        Assert.Equal([(1, 7, 11), (4, 7, 13)], problems.RootElement.EnumerateArray().Select(problem => (problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32(), problem.GetProperty("length").GetInt32())));
        Assert.Equal([$"{good} is valid: 2 tasks"], (await fixture.RunAsync("plan", "validate", good)).With(ExitCode.Ok).Lines);
    }

    [Fact]
    public async Task Validate_suggests_a_file_for_one_that_is_not_there()
    {
        var good = fixture.File("deploy.yaml", Two);
        fixture.File("app.conf.tmpl", "x");
        var plan = fixture.File("upload.yaml", "name: p\ntasks:\n- {name: a, op: file.upload, with: {name: app, path: app.cnf.tmpl, content_type: raw}}\n");

        Assert.EndsWith("; did you mean 'deploy.yaml'?", (await fixture.RunAsync("plan", "validate", good.Replace("deploy", "depoly", StringComparison.Ordinal))).With(ExitCode.BadInput).ErrorLines[0], StringComparison.Ordinal);
        Assert.EndsWith("; did you mean 'app.conf.tmpl'?", (await fixture.RunAsync("plan", "validate", plan)).With(ExitCode.BadInput).ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_most_twenty_problems_are_shown()
    {
        var plan = fixture.File("plan.yaml", "name: p\ntasks:\n" + string.Concat(Enumerable.Range(0, 25).Select(number => $"- {{name: t{number}, op: node.load.get}}\n")));

        var ended = (await fixture.RunAsync("plan", "validate", plan)).With(ExitCode.BadInput);

        Assert.Equal(61, ended.ErrorLines.Length);
        Assert.Equal("and 5 more", ended.ErrorLines[60]);
    }

    [Fact]
    public async Task Explain_and_graph_show_the_tasks()
    {
        var plan = fixture.File("plan.yaml", Two);

        Assert.Equal(
            ["Plan: 2 tasks, 2 levels", "", "Level 0:", "  a<b> [node.load.get _any]", "", "Level 1:", "  c [node.uptime.get _all] <- a<b>"],
            (await fixture.RunAsync("plan", "explain", plan)).With(ExitCode.Ok).Lines);
        Assert.Equal(["a<b>", "`-- c"], (await fixture.RunAsync("plan", "graph", plan)).With(ExitCode.Ok).Lines);
        Assert.StartsWith("flowchart TD", (await fixture.RunAsync("plan", "graph", plan, "--format", "mermaid")).With(ExitCode.Ok).Output, StringComparison.Ordinal);
        Assert.StartsWith("digraph plan", (await fixture.RunAsync("plan", "graph", plan, "--format", "dot")).With(ExitCode.Ok).Output, StringComparison.Ordinal);
        var svg = XDocument.Parse((await fixture.RunAsync("plan", "graph", plan, "--format", "svg")).With(ExitCode.Ok).Output);
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "text" && element.Value == "a<b>");
        Assert.Single(svg.Descendants(), element => element.Name.LocalName == "line");
    }

    [Fact]
    public async Task Hosts_asks_the_controller()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");

        var ended = (await fixture.RunAsync("plan", "hosts", fixture.File("plan.yaml", Two))).With(ExitCode.Ok);
        var wrong = (await fixture.RunAsync("plan", "hosts", fixture.File("wrong.yaml", PlanTexts.One("node.load.get", "web-02")))).With(ExitCode.BadInput);

        Assert.Equal(["TASK  TARGET  HOSTS", "a<b>  _any    one of web-01", "c     _all    web-01"], ended.Lines);
        Assert.Contains("did you mean 'web-01'?", wrong.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fmt_writes_the_canonical_layout_and_keeps_the_mode_and_comments()
    {
        var plan = fixture.File("plan.yaml", "name:   p # this\ntasks:\n- {name: a, op: node.load.get, target: _any}\n");
        File.SetUnixFileMode(plan, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        (await fixture.RunAsync("plan", "fmt", "--check", plan)).With(ExitCode.Failed);
        (await fixture.RunAsync("plan", "fmt", plan)).With(ExitCode.Ok);
        (await fixture.RunAsync("plan", "fmt", "--check", plan)).With(ExitCode.Ok);

        Assert.Equal("name: p # this\ntasks:\n  - {name: a, op: node.load.get, target: _any}\n", await File.ReadAllTextAsync(plan, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(plan));
        Assert.Equal([plan], Directory.GetFiles(Path.GetDirectoryName(plan)!, "plan.yaml*"));
    }

    [Fact]
    public async Task Schema_prints_the_documented_schema() =>
        Assert.Equal("http://json-schema.org/draft-07/schema#", JsonDocument.Parse((await fixture.RunAsync("plan", "schema")).With(ExitCode.Ok).Output).RootElement.GetProperty("$schema").GetString());
}
