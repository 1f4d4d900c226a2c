using Osapi.Operations;
using Osapi.Plans;
using Osapi.Plans.Yaml;

namespace Osapi.Docs.Tests;

/// <summary>Tests that the plans on the pages and in the examples are valid.</summary>
public sealed class PlanSampleTests
{
    private static readonly string Examples = Path.Combine(Page.Repository, "examples");

    public static TheoryData<string, string> Plans =>
    [
        .. Page.All.SelectMany(page => page.Samples("yaml")).Where(sample => sample.Text.Contains("tasks:", StringComparison.Ordinal))
            .Select(sample => (sample.ToString(), sample.Text)),
        .. Directory.GetFiles(Examples, "*.yaml")
            .Select(file => (Path.GetRelativePath(Page.Repository, file), File.ReadAllText(file))),
    ];

    [Theory, MemberData(nameof(Plans))]
    public void A_plan_is_valid(string place, string text)
    {
        Assert.NotEmpty(place);
        var (root, unreadable) = YamlBytes.Parse(System.Text.Encoding.UTF8.GetBytes(text));

        PlanInputs inputs = new()
        {
            Include = (path, _) => (Load(path), null),
            // What a user of the page gives.
            Set = text.Contains("environment: {type: text, required: true", StringComparison.Ordinal) ? [("environment", "stage")] : [],
        };
        Assert.Empty(PlanFileReader.Read(root, unreadable, OperationCatalog.Default, inputs).Problems);
    }

    private static LoadedFile Load(string path)
    {
        var (root, problems) = YamlBytes.Parse(File.ReadAllBytes(Path.Combine(Examples, path)));
        return new(path, path, root, problems);
    }
}
