using Osapi.Operations;
using Osapi.Plans;
using Osapi.Plans.Yaml;

namespace Osapi.Docs.Tests;

/// <summary>Tests that the plans on the pages and in the examples are valid.</summary>
public sealed class PlanSampleTests
{
    public static TheoryData<string, string> Plans =>
    [
        .. Page.All.SelectMany(page => page.Samples("yaml")).Where(sample => sample.Text.Contains("tasks:", StringComparison.Ordinal))
            .Select(sample => (sample.ToString(), sample.Text)),
        .. Directory.GetFiles(Path.Combine(Page.Repository, "examples"), "*.yaml")
            .Select(file => (Path.GetRelativePath(Page.Repository, file), File.ReadAllText(file))),
    ];

    [Theory, MemberData(nameof(Plans))]
    public void A_plan_is_valid(string place, string text)
    {
        Assert.NotEmpty(place);
        var (root, unreadable) = YamlBytes.Parse(System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Empty(PlanFileReader.Read(root, unreadable, OperationCatalog.Default).Problems);
    }
}
