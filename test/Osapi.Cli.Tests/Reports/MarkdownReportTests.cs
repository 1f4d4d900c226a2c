using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Osapi.Browser.Tests;
using Osapi.Cli.RunReports;
using Osapi.Plans.Reports;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of the report in Markdown, as it is rendered with the extensions of GitHub.</summary>
public sealed partial class MarkdownReportTests
{
    private static readonly MarkdownPipeline GitHub = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists().UseEmojiAndSmiley().Build();

    [Fact]
    public void It_has_the_failures_the_hosts_the_tasks_and_what_is_owed()
    {
        var html = Render(SampleReports.Small());

        Assert.Contains("<h2>release web: failed</h2>", html, StringComparison.Ordinal);
        Assert.Contains("<strong>migrate</strong> on db-01: exit code 3: relation &quot;sessions&quot; is locked", html, StringComparison.Ordinal);
        Assert.Contains("ERROR: relation is locked\nDETAIL: process 4711 holds a lock\n</code></pre>", html, StringComparison.Ordinal);
        Assert.Contains("<li>restart on db-01</li>", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<table>"));
        Assert.Contains("<td>web-01, web-02</td>", html, StringComparison.Ordinal);
        Assert.Contains("took 3.9 s, exit code 1", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_texts_stay_text()
    {
        var hostile = SampleReports.OfHostile();
        var markup = hostile with { Name = "*a* `b` [c](http://d) | <img src=x> ![e](f) @g #1 https://h.example www.i.example :rocket: ~~j~~\n# k" };
        foreach (var report in new[] { hostile, markup })
        {
            var html = Render(report);

            Assert.Empty(Elements.Matches(html).Select(match => match.Groups[1].Value).Except(["h2", "h3", "p", "ul", "li", "strong", "pre", "code", "table", "thead", "tbody", "tr", "th", "td"]));
            Assert.DoesNotContain(html, letter => letter is '\u202e' or '\u001b' or '\0');
            Assert.Equal(2, Regex.Count(html, "<table>"));
        }

        Assert.Contains(@"<h2>*a* `b` [c](http://d) | &lt;img src=x&gt; ![e](f) @g #1 https://h.example www.i.example :rocket: ~~j~~\n# k: failed</h2>", Render(markup), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_run_has_a_summary_that_github_takes()
    {
        var bytes = MarkdownReport.Of(SampleReports.Large(tasks: 200, hosts: 50, outputLength: 2000));

        Assert.InRange(bytes.Length, 1, 100_000);
        Assert.Contains("more failures are not listed", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    private static string Render(RunReport report) => Markdown.ToHtml(Encoding.UTF8.GetString(MarkdownReport.Of(report)), GitHub);

    [GeneratedRegex("<([a-z0-9]+)")]
    private static partial Regex Elements { get; }
}
