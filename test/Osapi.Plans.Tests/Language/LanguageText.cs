using System.Text;
using Osapi.Operations;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Tests.Language;

/// <summary>Reads plan files of version 1 from texts, with the files that they include.</summary>
internal sealed class LanguageText(string tasks, string header = "")
{
    public static string Deploy => "{name: deploy, op: file.deploy.execute, target: _all, with: {object_name: a, path: /a, content_type: raw}}";

    public Dictionary<string, string> Files { get; } = [];

    public Dictionary<string, string> Environment { get; } = [];

    public List<(string, string)> Set { get; } = [];

    public List<(string Name, string Text)> VariableFiles { get; } = [];

    public string Text { get; } = $"version: 1\nname: p\n{header}tasks:\n{tasks}";

    public PlanFile Read()
    {
        var (plan, problems) = Parse();
        Assert.Equal([], problems.Select(problem => problem.In("plan.yaml")));
        return plan!;
    }

    public string[] Problems()
    {
        var (plan, problems) = Parse();
        Assert.Null(plan);
        return [.. problems.Select(problem => problem.In("plan.yaml"))];
    }

    public (PlanFile? Plan, IReadOnlyList<FileProblem> Problems) Parse()
    {
        PlanInputs inputs = new()
        {
            Set = Set,
            VariableFiles = [.. VariableFiles.Select(file => Load(file.Name, file.Text))],
            Environment = Environment.GetValueOrDefault,
            Include = (path, _) => Files.TryGetValue(path, out var text) ? (Load(path, text), null) : (null, $"there is no file '{path}'"),
        };
        var (root, problems) = YamlBytes.Parse(Encoding.UTF8.GetBytes(Text));
        return PlanFileReader.Read(root, problems, OperationCatalog.Default, inputs);
    }

    private static LoadedFile Load(string name, string text)
    {
        var (root, problems) = YamlBytes.Parse(Encoding.UTF8.GetBytes(text));
        return new(name, $"/plans/{name}", root, problems);
    }
}
