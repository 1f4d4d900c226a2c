using Osapi.Operations;
using Osapi.Plans.Values;
using Osapi.Plans.Variables;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Expansion;

/// <summary>Reads included files. Their variables are their inputs, which <c>with</c> gives.</summary>
internal sealed class IncludeReader(PlanInputs inputs)
{
    private const int MaxDepth = 16;

    private static readonly IReadOnlyList<string> Keys = ["include", "name", "with", "depends_on", "when", "tags", "for_each"];
    private static readonly IReadOnlyList<string> FileKeys = ["version", "name", "description", "vars", "tasks"];
    private static readonly IReadOnlyList<string> PlanKeys = ["secrets", "on_error", "max_parallelism", "deadline", "flow", "confirm"];
    private readonly Dictionary<(string Path, string? From), (LoadedFile? File, string? Problem)> loaded = [];

    /// <summary>Reads an include itself; null when there are problems.</summary>
    public PlanInclude? Read(YamlMapping node, PlanScope scope)
    {
        var before = scope.Problems.Count;
        YamlFields fields = new(node, Keys, scope.Problems);
        var known = KnownValues.Of(scope, inputs, each: null, "include");
        var path = known.Text(fields.Find("include")!, "include");
        var name = fields.Text("name", required: false) ?? (path is null ? null : Path.GetFileNameWithoutExtension(path));
        var items = fields.Find("for_each") is { } loop ? new LoopReader(scope, inputs, LoopReader.Include).Read(loop) : null;
        if (name is not null && (name.Length == 0 || ControlCharacters.AreIn(name)))
            scope.Problems.Add(FileProblem.At(node.Start, "the include needs a 'name' without control characters"));
        return scope.Problems.Count > before ? null : new(path!, name!, items);
    }

    /// <summary>Opens the file of an include, for one item of its loop; null when there are problems.</summary>
    public OpenedInclude? Open(PlanInclude include, YamlMapping node, PlanScope scope, string local, EachItem? each)
    {
        var mark = node.Find("include")!.Start;
        if (inputs.Include is null)
            return Refuse("files cannot be included here");
        if (scope.Depth >= MaxDepth)
            return Refuse($"files are included deeper than {MaxDepth} levels");
        if (!loaded.TryGetValue((include.Path, scope.FullName), out var found))
            loaded.Add((include.Path, scope.FullName), found = inputs.Include(include.Path, scope.FullName));
        if (found.File is not { } file)
            return Refuse(found.Problem!);
        for (var outer = scope; outer is not null; outer = outer.Parent)
            if (outer.FullName == file.FullName)
                return Refuse($"{file.Name} includes itself{(outer == scope ? "" : ", through other files")}");
        PlanScope inner = new() { Parent = scope, Prefix = $"{scope.Prefix}{local}/", File = file.Name, FullName = file.FullName };
        var opened = ReadFile(file, inner);
        if (opened is not null)
            ReadVariables(opened, node, scope, inner, each);
        else
            scope.Problems.AddRange(inner.NamedProblems());
        return opened;

        OpenedInclude? Refuse(string message)
        {
            scope.Problems.Add(FileProblem.At(mark, $"include: {message}"));
            return null;
        }
    }

    private static OpenedInclude? ReadFile(LoadedFile file, PlanScope scope)
    {
        scope.Problems.AddRange(file.Problems);
        if (file.Root is null && file.Problems.Count > 0)
            return null;
        if (file.Root is not YamlMapping mapping)
        {
            scope.Problems.Add(new(file.Root?.Start.Line ?? 1, file.Root?.Start.Column ?? 1, "an included file is a mapping with 'version' and 'tasks'"));
            return null;
        }

        var root = ExtensionMembers.Without((YamlMapping)new MergeKeys(scope.Problems).Apply(mapping));
        foreach (var (key, _) in root.Members.Where(member => PlanKeys.Contains(member.Key.Text)))
            scope.Problems.Add(FileProblem.At(key.Start, $"'{key.Text}' belongs to the plan file, not to a file that is included"));
        YamlMapping own = new(root.Start, [.. root.Members.Where(member => !PlanKeys.Contains(member.Key.Text))]);
        YamlFields fields = new(own, FileKeys, scope.Problems);
        if (fields.Find("version") is not YamlScalar { Text: "1" })
            scope.Problems.Add(FileProblem.At((fields.Find("version") ?? root).Start, "an included file begins with 'version: 1'"));
        return new(scope, own, fields.Find("tasks"), fields.Find("vars"));
    }

    private void ReadVariables(OpenedInclude opened, YamlMapping node, PlanScope outer, PlanScope inner, EachItem? each)
    {
        VariableValues values = new(new VariableReader(KnownValues.Of(inner, inputs, each: null, "vars"), inner.Problems).Read(opened.Vars));
        var with = node.Find("with");
        if (with is YamlMapping mapping)
        {
            var known = KnownValues.Of(outer, inputs, each, "with of an include");
            foreach (var (key, value) in mapping.Members)
            {
                var before = outer.Problems.Count;
                var json = known.Json(value);
                if (outer.Problems.Count == before && values.Set(key.Text, json) is { } problem)
                    outer.Problems.Add(FileProblem.At(key.Start, $"with: {problem}"));
            }
        }
        else if (with is not (null or YamlScalar { IsNull: true }))
        {
            outer.Problems.Add(FileProblem.At(with.Start, "'with' must be a mapping of the included file's variables"));
        }

        if (values.Missing is { Count: > 0 } missing)
            outer.Problems.Add(FileProblem.At((with ?? node).Start, $"{inner.File} requires {string.Join(", ", missing.Select(variable => $"'{variable.Name}'"))} in 'with'"));
        (inner.Vars, inner.VarsType, inner.UnknownVars) = (values.ToJson(), values.ToType(), values.Unknown);
    }
}

/// <summary>An include as it is written.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Name">The beginning of the names of its tasks.</param>
/// <param name="Items">The items of its loop; null for none.</param>
internal sealed record PlanInclude(string Path, string Name, IReadOnlyList<EachItem>? Items);

/// <summary>An included file.</summary>
/// <param name="Scope">The scope of the file.</param>
/// <param name="File">The content.</param>
/// <param name="Tasks">The tasks; null when they are missing.</param>
/// <param name="Vars">The variables; null for none.</param>
internal sealed record OpenedInclude(PlanScope Scope, YamlMapping File, YamlNode? Tasks, YamlNode? Vars);
