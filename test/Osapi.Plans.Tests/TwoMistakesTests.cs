using System.Globalization;
using System.Reflection;
using System.Text;
using Osapi.Operations;
using Osapi.Plans.Yaml;
using Osapi.Tests;

namespace Osapi.Plans.Tests;

/// <summary>The plans in <c>TwoMistakes</c>: each has two mistakes, and is told two, none of which only follows from the other.</summary>
public sealed class TwoMistakesTests
{
    private static readonly string Folder = Path.Combine(
        typeof(TwoMistakesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProjectDirectory").Value!, "TwoMistakes");

    [Fact]
    public void Two_mistakes_are_two_messages()
    {
        StringBuilder text = new();
        List<string> others = [];
        foreach (var file in Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            var document = YamlBytes.Parse(File.ReadAllBytes(file), "plan.yaml");
            var problems = document.Complete(PlanFileReader.Read(document.Root, document.Problems, OperationCatalog.Default, new() { Include = static (name, _) => (null, $"there is no file '{name}'") }).Problems);
            text.Append(CultureInfo.InvariantCulture, $"=== {Path.GetFileName(file)}\n");
            foreach (var problem in problems)
                text.Append(CultureInfo.InvariantCulture, $"{problem}\n");
            if (problems.Count != 2)
                others.Add(Path.GetFileName(file));
        }

        Approved.Match(text.ToString(), "TwoMistakes/messages.txt");
        Assert.Empty(others);
    }
}
