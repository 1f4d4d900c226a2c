using System.Text;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Recorded;

/// <summary>Reads the plan of a run from its record alone: no file of this machine, and nothing of its environment.</summary>
internal static class RecordedPlan
{
    private const string ValuesName = "the values of the run";
    private const int MaxNamed = 5;

    /// <summary>Returns the plan with its selection.</summary>
    /// <param name="run">The run, with its files.</param>
    /// <param name="environment">The variables of the environment that the plan reads; there are no others.</param>
    /// <exception cref="FormatException">The plan cannot be read; the message is for people.</exception>
    public static PlanFile Read(RunDetail run, IReadOnlyDictionary<string, string> environment)
    {
        if (run.Files is not [var first, ..])
            throw new FormatException("its record has no plan file");
        var texts = run.Files.DistinctBy(file => file.Name).ToDictionary(file => file.Name, file => file.Text);
        var root = Load(first.Name, texts[first.Name]);
        PlanInputs inputs = new()
        {
            VariableFiles = RecordedValues.VariablesOf(run.Values) is { } values ? [Load(ValuesName, values)] : [],
            Environment = environment.GetValueOrDefault,
            Include = (path, including) => Find(path, including ?? first.Name, texts),
        };
        var (plan, problems) = PlanFileReader.Read(root.Root, root.Problems, OperationCatalog.Default, inputs);
        if (plan is null)
            throw Wrong(problems.Select(problem => $"{problem.File ?? first.Name}:{problem.Line}: {problem.Message}"));
        var (selected, wrong) = PlanFileSelection.Of(plan, RecordedValues.SelectionOf(run.Values));
        return wrong.Count == 0 ? LocalFiles.ResolveElsewhere(selected, first.Name) : throw Wrong(wrong.Select(problem => $"{problem.Option}: {problem.Text}"));
    }

    private static FormatException Wrong(IEnumerable<string> problems)
    {
        var all = problems.ToList();
        return new($"its plan cannot be read: {string.Join("; ", all.Take(MaxNamed))}{(all.Count > MaxNamed ? $"; and {all.Count - MaxNamed} more" : "")}");
    }

    private static (LoadedFile? File, string? Problem) Find(string path, string including, Dictionary<string, string> texts)
    {
        // The paths of files in a record are absolute.
        var name = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(including) ?? "/", path), "/");
        return texts.TryGetValue(name, out var text) ? (Load(name, text), null) : (null, $"{name} is not in the record of the run");
    }

    private static LoadedFile Load(string name, string text)
    {
        var document = YamlBytes.Parse(Encoding.UTF8.GetBytes(text), name);
        return new(name, name, document.Root, document.Problems);
    }
}
