using System.Text;
using Osapi.Operations;
using Osapi.Operations.Sample;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Tests;

/// <summary>Reads plan texts with a catalog that has operations with every kind of member.</summary>
internal static class PlanText
{
    private static readonly OperationCatalog Catalog = new([.. OperationCatalog.Default, SampleOperations.Run, SampleOperations.List, SampleOperations.Put]);

    public static PlanFile Read(string text)
    {
        var (plan, problems) = Parse(text);
        Assert.Empty(problems);
        return plan!;
    }

    /// <summary>Gets the problems of a text, one per line.</summary>
    public static string[] Problems(string text)
    {
        var (plan, problems) = Parse(text);
        Assert.Null(plan);
        Assert.NotEmpty(problems);
        return [.. problems.Select(problem => problem.ToString())];
    }

    public static (PlanFile? Plan, IReadOnlyList<FileProblem> Problems) Parse(string text)
    {
        var document = YamlBytes.Parse(Encoding.UTF8.GetBytes(text));
        var (plan, problems) = PlanFileReader.Read(document.Root, document.Problems, Catalog);
        return (plan, document.Complete(problems));
    }

    /// <summary>Gets the request of a plan whose only task runs the sample operation with these members.</summary>
    public static RunSample Sample(string members) => (RunSample)Assert.Single(Read(With(members)).Tasks).Request!;

    public static string With(string members) => "name: p\ntasks:\n- name: a\n  op: sample.unit.run\n  target: _any\n  with: {unit: nginx, command: ls, " + members + "}\n";
}
