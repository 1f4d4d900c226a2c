using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Variables;

/// <summary>Reads the variables that a file declares. In the short form the value is the default; a mapping is always the long form.</summary>
internal sealed class VariableReader(KnownValues known, List<FileProblem> problems)
{
    private static readonly IReadOnlyList<string> Keys = ["type", "default", "required", "description", "enum"];

    public IReadOnlyList<Variable> Read(YamlNode? node)
    {
        if (node is null)
            return [];
        if (node is YamlMapping mapping)
            return [.. mapping.Members.Select(member => Read(member.Key, member.Value))];
        problems.Add(FileProblem.At(node.Start, "'vars' must be a mapping of names and defaults"));
        return [];
    }

    private static Variable Unknown(YamlScalar name) => new(name.Text, VariableType.Text, Default: null, IsRequired: false, Description: null, Allowed: null, name.Start) { IsUnknown = true };

    private Variable Read(YamlScalar name, YamlNode node)
    {
        if (!PlainName.IsWord(name.Text))
            problems.Add(FileProblem.At(name.Start, $"the name of a variable is a word of letters, digits and _, not '{name.Excerpt}'"));
        if (node is YamlMapping { Members.Count: > 0 } map && !map.Members.Any(member => Keys.Contains(member.Key.Text)))
        {
            problems.Add(FileProblem.At(node.Start, $"a mapping declares a variable ({string.Join(", ", Keys)}); a map as the default of '{name.Excerpt}' is written {{default: {{..}}}}"));
            return Unknown(name);
        }

        if (node is YamlMapping mapping)
            return ReadLong(name, new(mapping, Keys, problems));
        if (Value(node) is { } value)
            return new(name.Text, VariableTypes.Of(value)!.Value, value, IsRequired: false, Description: null, Allowed: null, name.Start);
        if (node is YamlScalar { IsNull: true })
            problems.Add(FileProblem.At(node.Start, $"'{name.Excerpt}' has no default: give one, or {{required: true}}"));
        return Unknown(name);
    }

    private Variable ReadLong(YamlScalar name, YamlFields fields)
    {
        var before = problems.Count;
        var given = fields.Find("default") is { } node ? Value(node) : null;
        var allowed = Allowed(fields);
        var type = VariableTypes.Of(given ?? allowed?.FirstOrDefault()) ?? VariableType.Text;
        if (fields.Text("type", required: false) is { } text && !VariableTypes.ByName.TryGetValue(text, out type))
            problems.Add(FileProblem.At(fields.Find("type")!.Start, $"there is no type '{text}'{Suggestions.Hint(text, VariableTypes.ByName.Keys)} (known: {string.Join(", ", VariableTypes.ByName.Keys)})"));
        var required = fields.Flag("required");
        if (required && given is not null)
            problems.Add(FileProblem.At(fields.Find("required")!.Start, $"'{name.Excerpt}' is required and has a default: one of the two must go"));
        if (problems.Count > before)
            return Unknown(name);
        Variable variable = new(name.Text, type, given, required, fields.Text("description", required: false), allowed, name.Start);
        if (allowed?.FirstOrDefault(value => !type.Takes(value)) is not null)
            problems.Add(FileProblem.At(fields.Find("enum")!.Start, $"the values of 'enum' must be of the type {type.ToString().ToLowerInvariant()}"));
        else if (given is not null && variable.ProblemOf(given) is { } problem)
            problems.Add(FileProblem.At(fields.Find("default")!.Start, $"the default of {problem}"));
        return problems.Count > before ? Unknown(name) : variable;
    }

    private List<JsonNode>? Allowed(YamlFields fields)
    {
        if (fields.Find("enum") is not { } node)
            return null;
        if (node is YamlList { Items.Count: > 0 } list)
            return [.. list.Items.Select(Value).OfType<JsonNode>()];
        problems.Add(FileProblem.At(node.Start, "'enum' must be a list with at least one value"));
        return null;
    }

    private JsonNode? Value(YamlNode node) => known.Json(node);
}
