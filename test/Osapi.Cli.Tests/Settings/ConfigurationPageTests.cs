using Osapi.Cli.Settings;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Settings;

/// <summary>Tests that the tables of docs/configuration.md match the code; OSAPI_APPROVE=1 writes them.</summary>
public sealed class ConfigurationPageTests
{
    private static readonly string Page = Path.Combine(Programs.Repository, "docs", "configuration.md");

    [Fact]
    public void Every_setting_is_in_the_page_as_it_is_in_the_code()
    {
        var text = File.ReadAllText(Page);
        var written = text;
        foreach (var section in SettingTable.All.GroupBy(setting => GeneralSettings.All.Contains(setting) ? "general" : setting.Key.Split('.')[0]))
            written = Replace(written, section.Key, Table(section));
        if (Environment.GetEnvironmentVariable("OSAPI_APPROVE") == "1")
            File.WriteAllText(Page, written);
        else
            Assert.Equal(written, text);
    }

    private static string Replace(string page, string section, string table)
    {
        var (begin, end) = ($"<!-- settings: {section} -->\n", "<!-- end -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(from >= begin.Length, $"the page has no table for {section}");
        return page[..from] + table + page[page.IndexOf(end, from, StringComparison.Ordinal)..];
    }

    private static string Table(IEnumerable<Setting> settings) =>
        "| key | environment | default | can be | meaning |\n|---|---|---|---|---|\n"
        + string.Concat(settings.Select(setting => $"| `{setting.Key}` | `{setting.Variable}` | {setting.Default} | {setting.Range} | {setting.Summary}{(setting.IsSecret ? "; never shown" : "")} |\n"));
}
