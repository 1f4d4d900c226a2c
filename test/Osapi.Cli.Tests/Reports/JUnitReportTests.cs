using System.Text;
using System.Xml.Linq;
using Osapi.Browser.Tests;
using Osapi.Cli.RunReports;
using Osapi.Plans.Reports;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of the report in the form of JUnit.</summary>
public sealed class JUnitReportTests
{
    // The attributes and elements that the readers of build servers know, as the schema of Jenkins (xunit-plugin, junit-10.xsd) names them.
    private static readonly Dictionary<string, (string[] Attributes, string[] Children)> Known = new()
    {
        ["testsuites"] = (["name", "tests", "failures", "errors", "time"], ["testsuite"]),
        ["testsuite"] = (["name", "tests", "failures", "errors", "skipped", "time", "timestamp"], ["testcase"]),
        ["testcase"] = (["name", "classname", "time"], ["failure", "error", "skipped", "system-out", "system-err"]),
        ["failure"] = (["type", "message"], []),
        ["error"] = (["type", "message"], []),
        ["skipped"] = (["message"], []),
        ["system-out"] = ([], []),
        ["system-err"] = ([], []),
    };

    public static TheoryData<string> Samples => ["small", "large", "hostile"];

    [Fact]
    public void A_task_is_a_suite_and_a_host_a_case()
    {
        var xml = Parse(SampleReports.Small());

        Assert.Equal(["release web", "12", "1", "0", "3.900"], xml.Attributes().Select(attribute => attribute.Value));
        Assert.Equal(["directories", "configure", "migrate", "restart"], xml.Elements().Select(suite => suite.Attribute("name")!.Value));
        var migrate = xml.Elements().ElementAt(2);
        Assert.Equal(["migrate", "3", "1", "0", "2.400", "0", "2026-11-30T16:00:01"], migrate.Attributes().Select(attribute => attribute.Value));
        var failed = migrate.Elements().First();
        Assert.Equal(["db-01", "release web.migrate", "2.400"], failed.Attributes().Select(attribute => attribute.Value));
        Assert.Equal("exit code 3: relation \"sessions\" is locked", failed.Element("failure")!.Attribute("message")!.Value);
        Assert.Equal("step 10 of 12: applied\nstep 11 of 12: applied\n", failed.Element("system-out")!.Value);
        Assert.Equal("dependency failed", xml.Elements().Last().Elements().First().Element("skipped")!.Attribute("message")!.Value);
    }

    [Fact]
    public void A_failure_that_the_plan_allows_fails_no_build_and_a_task_without_hosts_is_its_own_case()
    {
        var small = SampleReports.Small();
        var allowed = small.Tasks[2].Hosts[0] with { Allowed = true };
        var function = new TaskReport { Name = "notify", Status = "cancelled", Attempts = 1, Error = "the run was cancelled" };
        var xml = Parse(small with { Tasks = [small.Tasks[2] with { Hosts = [allowed] }, function] });

        Assert.Equal(["2", "0", "1"], new[] { "tests", "failures", "errors" }.Select(name => xml.Attribute(name)!.Value));
        Assert.Contains("(allowed)", xml.Descendants("skipped").Single().Attribute("message")!.Value, StringComparison.Ordinal);
        Assert.Equal("the run was cancelled", xml.Descendants("testcase").Last().Element("error")!.Attribute("message")!.Value);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void It_is_what_build_servers_read(string name)
    {
        var report = name switch { "small" => SampleReports.Small(), "large" => SampleReports.Large(20, 10, 100), _ => SampleReports.OfHostile() };
        var xml = Parse(report);

        foreach (var element in xml.DescendantsAndSelf())
        {
            var (attributes, children) = Known[element.Name.LocalName];
            Assert.Empty(element.Attributes().Select(attribute => attribute.Name.LocalName).Except(attributes));
            Assert.Empty(element.Elements().Select(child => child.Name.LocalName).Except(children));
        }

        foreach (var suite in xml.Elements())
            Assert.Equal(int.Parse(suite.Attribute("failures")!.Value, System.Globalization.CultureInfo.InvariantCulture), suite.Descendants("failure").Count());
    }

    [Fact]
    public void Characters_that_xml_forbids_are_replaced()
    {
        var text = Encoding.UTF8.GetString(JUnitReport.Of(SampleReports.OfHostile()));
        Assert.Equal("a\ufffdb\ufffd\ud83d\ude00\ufffd\t\n", XmlText.Of("a\u0000b\u001b\ud83d\ude00\udc00\t\n"));
        Assert.DoesNotContain("<script>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", text, StringComparison.Ordinal);

        var written = XElement.Parse(text).Descendants("system-out").Single().Value;
        Assert.Contains("gpj.exe\ufffd\ufffd[31m\ufffd &amp;", written, StringComparison.Ordinal);
    }

    private static XElement Parse(RunReport report) => XDocument.Parse(Encoding.UTF8.GetString(JUnitReport.Of(report))).Root!;
}
