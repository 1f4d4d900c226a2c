using System.Text;
using System.Xml.Linq;
using Osapi.Cli.Tests.Running;
using Osapi.Plans.Reports;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of <c>osapi run --report</c>.</summary>
public sealed class ReportFileTests : CliTest
{
    private const string Plan = """
        name: p
        tasks:
          - {name: write, op: command.shell.execute, target: _any, with: {command: "echo '</script><b>done</b>'"}}
          - {name: break, op: command.shell.execute, target: _any, depends_on: [write], with: {command: "echo oops >&2; exit 3"}}
          - {name: after, op: node.uptime.get, target: _any, depends_on: [break]}
        """;

    [Fact]
    public async Task Every_form_is_written_also_when_the_run_failed()
    {
        var files = ((string[])["html", "junit", "json", "markdown"]).ToDictionary(format => format, format => Path.Combine(fixture.Directory, $"report.{format}"));
        File.WriteAllText(files["html"], "an earlier one");
        var ended = (await fixture.RunAsync(["run", fixture.File("p.yaml", Plan), .. files.SelectMany(file => new[] { "--report", $"{file.Key}={file.Value}" })])).With(ExitCode.Failed);

        Assert.Contains("3 tasks, 1 changed, 1 failed, 1 cancelled", ended.Output, StringComparison.Ordinal);
        var html = File.ReadAllText(files["html"]);
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;/script&gt;&lt;b&gt;done", html, StringComparison.Ordinal);
        Assert.Equal(["write", "break", "after"], XDocument.Load(files["junit"]).Root!.Elements().Select(suite => suite.Attribute("name")!.Value));
        Assert.StartsWith("## p: failed\n", File.ReadAllText(files["markdown"]), StringComparison.Ordinal);
        var report = RunReportJson.Parse(File.ReadAllBytes(files["json"]));
        Assert.Equal(["changed", "failed", "cancelled"], report.Tasks.Select(task => task.Status));
        Assert.Equal(["write"], report.Tasks[1].DependsOn);
        Assert.Equal("oops\n", report.Tasks[1].Hosts[0].Text("stderr"));
        Assert.Equal(ExitCode.Failed, report.ExitCode);
        Assert.Equal(4 + 2, new DirectoryInfo(fixture.Directory).GetFiles().Length);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_before_anything_runs()
    {
        var marker = Path.Combine(fixture.Directory, "marker");
        var plan = fixture.File("p.yaml", $"name: p\ntasks:\n  - {{name: write, op: command.exec.execute, target: _any, with: {{command: touch, args: [{marker}]}}}}\n");
        var same = Path.Combine(fixture.Directory, "same");
        var ended = (await fixture.RunAsync("run", plan, "--report", "html=/no/such/place.html", "--report", $"json={fixture.Directory}", "--report", "htm=x", "--report", "junit=", "--report", $"json={same}", "--report", $"html={same}")).With(ExitCode.BadInput);

        Assert.Collection(
            ended.ErrorLines,
            line => Assert.StartsWith("error: --report: '/no/such/place.html' cannot be written: ", line, StringComparison.Ordinal),
            line => Assert.EndsWith("cannot be written: it is a directory", line, StringComparison.Ordinal),
            line => Assert.EndsWith("must be FORMAT=FILE with one of the formats html, junit, json, markdown; did you mean 'html'?", line, StringComparison.Ordinal),
            line => Assert.Equal("error: --report 'junit=' names no file: junit=FILE", line),
            line => Assert.EndsWith("is given 2 times", line, StringComparison.Ordinal));
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public async Task A_report_can_be_written_to_a_stream_and_a_link_stays_a_link()
    {
        var link = Path.Combine(fixture.Directory, "link");
        File.CreateSymbolicLink(link, fixture.File("target", "an earlier one"));
        var ended = (await fixture.RunAsync("run", "--quiet", fixture.File("p.yaml", PlanTexts.One("node.uptime.get")), "--report", "markdown=/dev/stdout", "--report", $"json={link}")).With(ExitCode.Ok);

        Assert.Contains("## one: succeeded", ended.Output, StringComparison.Ordinal);
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal("one", RunReportJson.Parse(File.ReadAllBytes(Path.Combine(fixture.Directory, "target"))).Name);
    }

    [Fact]
    public async Task The_report_of_json_lines_is_the_same_report()
    {
        var file = Path.Combine(fixture.Directory, "report.json");
        var ended = (await fixture.RunAsync("run", "--json", fixture.File("p.yaml", Plan), "--report", $"json={file}")).With(ExitCode.Failed);

        Assert.Equal(RunReportJson.ToBytes(RunReportJson.Parse(Encoding.UTF8.GetBytes(ended.Lines[^1]))), RunReportJson.ToBytes(RunReportJson.Parse(File.ReadAllBytes(file))));
    }
}
