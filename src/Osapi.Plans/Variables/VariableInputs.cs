using Osapi.Plans.Expansion;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Variables;

/// <summary>Gives the variables of a plan file their values from outside: files of variables, then the command line.</summary>
internal sealed class VariableInputs(IReadOnlyList<Variable> variables, PlanInputs inputs, PlanScope scope)
{
    private readonly VariableValues values = new([.. variables.DistinctBy(variable => variable.Name)]);

    /// <summary>Sets the variables of the file.</summary>
    /// <param name="declared">The place where they are declared, for a name that none has.</param>
    public void Apply(YamlNode declared)
    {
        foreach (var file in inputs.VariableFiles)
            ApplyFile(file);
        foreach (var (name, text) in inputs.Set)
            if (values.SetText(name, text) is { } problem)
                scope.Problems.Add(FileProblem.At(variables.FirstOrDefault(variable => variable.Name == name)?.Mark ?? declared.Start, $"--set {name}: {problem}"));
        if (values.Missing is { Count: > 0 } missing)
            scope.Problems.Add(FileProblem.At(missing[0].Mark, $"{(missing.Count == 1 ? "a required variable has" : $"{missing.Count} required variables have")} no value: {string.Join(", ", missing.Select(Text))}; give {(missing.Count == 1 ? "it" : "them")} with --set NAME=VALUE or --vars-file FILE"));
        (scope.Vars, scope.VarsType, scope.UnknownVars) = (values.ToJson(), values.ToType(), values.Unknown);
    }

    private void ApplyFile(LoadedFile file)
    {
        scope.Problems.AddRange(file.Problems.Select(problem => problem with { File = file.Name }));
        if (file.Root is YamlMapping mapping)
        {
            foreach (var (key, node) in mapping.Members)
                if (values.Set(key.Text, new YamlValues().Convert(node, info: null)) is { } problem)
                    scope.Problems.Add(FileProblem.At(key.Start, problem) with { File = file.Name });
        }
        else if (file.Problems.Count == 0 && file.Root is not null)
        {
            scope.Problems.Add(FileProblem.At(file.Root.Start, "a file of variables is a mapping of names and values") with { File = file.Name });
        }
    }

    private static string Text(Variable variable) => variable.Description is null ? variable.Name : $"{variable.Name} ({variable.Description})";
}
