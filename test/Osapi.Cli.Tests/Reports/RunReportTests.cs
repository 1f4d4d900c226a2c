using System.Text;
using Osapi.Browser.Tests;
using Osapi.Cli.RunReports.Html;
using Osapi.Plans.Reports;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of the report as data, which is kept and read again by other versions.</summary>
public sealed class RunReportTests
{
    [Fact]
    public void A_page_is_the_same_from_the_json_of_a_report()
    {
        foreach (var report in new[] { SampleReports.Small(), SampleReports.Large(5, 3, 10) })
            Assert.Equal(HtmlReport.Of(report), HtmlReport.Of(RunReportJson.Parse(RunReportJson.ToBytes(report))));
    }

    [Fact]
    public void A_report_with_members_and_statuses_of_a_newer_program_is_read()
    {
        var report = Parse("""{"format":"osapi.report","version":1,"name":"p","outcome":"paused","newer":{"a":1},"tasks":[{"name":"t","status":"postponed","newer":[1],"hosts":[{"hostname":"h","status":"postponed","newer":null}]}]}""");

        Assert.Equal("postponed", report.Tasks[0].Hosts[0].Status);
        Assert.Empty(report.Owed);
        Assert.Contains("postponed", Encoding.UTF8.GetString(HtmlReport.Of(report)), StringComparison.Ordinal);
        Assert.NotEmpty(Cli.RunReports.JUnitReport.Of(report));
        Assert.NotEmpty(Cli.RunReports.MarkdownReport.Of(report));
    }

    [Theory]
    [InlineData("", "it is not the report of a run")]
    [InlineData("[]", "it is not the report of a run")]
    [InlineData("""{"name":"p","outcome":"failed"}""", "it is not the report of a run")]
    [InlineData("""{"format":"osapi.report","version":2,"name":"p","outcome":"failed"}""", "the report has version 2, and this program reads up to version 1")]
    [InlineData("""{"format":"osapi.report","version":1,"outcome":"failed"}""", "the report is not valid: ")]
    [InlineData("""{"format":"osapi.report","version":1,"name":"p","outcome":"failed","tasks":[{"name":null,"status":"failed"}]}""", "the report is not valid: ")]
    [InlineData("""{"format":"osapi.report","version":1,"name":"\ud800","outcome":"failed"}""", "it is not the report of a run")]
    public void What_is_no_report_is_refused(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => Parse(json)).Message, StringComparison.Ordinal);

    private static RunReport Parse(string json) => RunReportJson.Parse(Encoding.UTF8.GetBytes(json));
}
