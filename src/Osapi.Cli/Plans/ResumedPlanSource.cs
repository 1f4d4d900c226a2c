using System.Text;
using Osapi.Cli.Yaml;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Plans;
using Osapi.Plans.Recorded;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Plans;

/// <summary>Loads the plan that a run goes on with: the one that it was started with, or the file that is given.</summary>
/// <param name="Path">The path of the file; null for the plan that the run was started with.</param>
/// <param name="IsStored">True for the plan that the run was started with although its file has changed.</param>
internal sealed record ResumedPlanSource(string? Path, bool IsStored)
{
    private const string ValuesName = "the values of the run";

    /// <summary>Returns a variable of the environment; null when there is none.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <exception cref="CommandException">The plan cannot be read, is wrong, or has changed since.</exception>
    public async Task<(string Path, SourceFiles Sources, PlanFile File)> LoadAsync(RunDetail run)
    {
        if (Path is null && run.Files is not { Count: > 0 })
            throw CommandException.BadInput([$"run {run.Id} has no plan file in its record: it was started by a program, its files are larger than 512 KiB, or they are not for this caller; name the file with --plan"]);
        if (Path is null && !IsStored)
            RequireUnchanged(run);
        SourceFiles sources = new() { Saved = Path is null ? run.Files!.ToDictionary(file => file.Name, file => Encoding.UTF8.GetBytes(file.Text)) : null };
        var path = Path ?? run.Files![0].Name;
        List<LoadedFile> variables = [];
        if (RecordedValues.VariablesOf(run.Values) is { } text)
        {
            var (root, problems) = YamlBytes.Parse(Encoding.UTF8.GetBytes(text), ValuesName);
            variables.Add(new(ValuesName, ValuesName, root, problems));
        }

        var (file, mistakes) = await PlanLoading.LoadAsync(path, sources, new()
        {
            VariableFiles = variables,
            Environment = Environment,
            Include = (included, including) => IncludedFiles.Find(included, including ?? path, sources),
        });
        if (file is null || mistakes.Count > 0)
            throw CommandException.BadInput([], mistakes);
        List<string> wrong = [];
        var selected = SelectionOptions.Apply(file, RecordedValues.SelectionOf(run.Values), wrong);
        return wrong.Count == 0 ? (path, sources, selected) : throw CommandException.BadInput(wrong);
    }

    // What somebody edits and then resumes is what they expect to run.
    private static void RequireUnchanged(RunDetail run)
    {
        var changed = run.Files!.Where(file => TextOf(file.Name) is { } now && now != file.Text).Select(file => file.Name).ToList();
        if (changed.Count > 0)
            throw CommandException.BadInput(
            [
                $"changed since run {run.Id} was started: {string.Join(", ", changed.Select(name => ControlCharacters.Escape(name)))}; "
                    + $"--stored goes on with the plan as it was, --plan {ControlCharacters.Escape(run.Files![0].Name)} --plan-changed with the file as it is now",
            ]);
    }

    // A file that is gone, or that another machine had, has not changed.
    private static string? TextOf(string name)
    {
        if (!System.IO.Path.IsPathRooted(name) || !File.Exists(name))
            return null;
        try
        {
            return YamlFile.ReadBytes(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
        catch (CommandException)
        {
            return null;
        }
    }
}
