using System.Globalization;
using System.Reflection;
using System.Text;
using Osapi.Operations;
using Osapi.Plans.Yaml;
using Osapi.Tests;

namespace Osapi.Plans.Tests;

/// <summary>The corpus of broken plans in <c>Broken</c>, each with what is said about it.</summary>
public sealed class BrokenPlanTests
{
    private static readonly string Folder = Path.Combine(
        typeof(BrokenPlanTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProjectDirectory").Value!, "Broken");

    [Fact]
    public void Every_broken_plan_is_explained_as_approved()
    {
        StringBuilder text = new();
        var files = Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count >= 100);
        foreach (var file in files)
        {
            text.Append(CultureInfo.InvariantCulture, $"=== {Path.GetFileName(file)}\n");
            var problems = Problems(File.ReadAllBytes(file));
            foreach (var problem in problems)
                Write(text, problem);
            if (problems.Count == 0)
                text.Append("NOTHING IS WRONG\n");
        }

        Approved.Match(text.ToString(), "Broken/messages.txt");
        Assert.DoesNotContain("NOTHING IS WRONG", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_correction_that_is_shown_removes_the_mistake()
    {
        foreach (var file in Directory.GetFiles(Folder, "*.yaml"))
            foreach (var problem in Problems(File.ReadAllBytes(file)).Where(problem => problem.Correction is not null))
            {
                var line = problem.Source!.Line(problem.Line);
                var corrected = problem.Source.With(problem.Line, line[..(line.Length - line.TrimStart().Length)] + problem.Correction);

                Assert.DoesNotContain(Problems(Encoding.UTF8.GetBytes(corrected.ToString())), left => left.Line == problem.Line && left.Message == problem.Message);
            }
    }

    private static IReadOnlyList<FileProblem> Problems(byte[] bytes)
    {
        var document = YamlBytes.Parse(bytes, "plan.yaml");
        return document.Complete(PlanFileReader.Read(document.Root, document.Problems, OperationCatalog.Default).Problems);
    }

    private static void Write(StringBuilder text, FileProblem problem)
    {
        text.Append(CultureInfo.InvariantCulture, $"{ControlCharacters.Escape(problem.ToString())}\n");
        if (SourceExcerpt.Of(problem, 100) is not { } excerpt)
            return;
        text.Append(CultureInfo.InvariantCulture, $"{excerpt.Gutter}{excerpt.Text}\n{excerpt.EmptyGutter}{new string(' ', excerpt.Indent)}{new string('^', excerpt.Carets)}\n");
        if (excerpt.Correction is not null)
            text.Append(CultureInfo.InvariantCulture, $"{excerpt.CorrectionGutter}write: {excerpt.Correction}\n");
    }
}
