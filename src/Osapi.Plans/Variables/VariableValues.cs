using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Plans.Expressions;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Variables;

/// <summary>The values of the variables of a file: the defaults, then what was given from outside, of which the last counts.</summary>
internal sealed class VariableValues(IReadOnlyList<Variable> variables)
{
    private readonly Dictionary<string, Variable> byName = variables.ToDictionary(variable => variable.Name);
    private readonly Dictionary<string, JsonNode?> values = variables.ToDictionary(variable => variable.Name, variable => variable.Default);

    // What was refused is not missing as well.
    private readonly HashSet<string> given = [];

    /// <summary>Sets a value; returns the problem, null when there is none.</summary>
    public string? Set(string name, JsonNode? value)
    {
        if (!byName.TryGetValue(name, out var variable))
            return ProblemOf(name);
        given.Add(name);
        if (variable.IsUnknown)
            return null;
        if (variable.ProblemOf(value) is { } problem)
            return problem;
        values[name] = value;
        return null;
    }

    /// <summary>Sets a value from the text of the command line; returns the problem, null when there is none.</summary>
    public string? SetText(string name, string text)
    {
        if (!byName.TryGetValue(name, out var variable))
            return ProblemOf(name);
        given.Add(name);
        return variable.IsUnknown ? null : variable.Type.Parse(text) is { } value ? Set(name, value) : $"'{name}' must be {variable.Type.Phrase()}, not '{text}'";
    }

    /// <summary>Returns the required variables without a value.</summary>
    public IReadOnlyList<Variable> Missing => [.. variables.Where(variable => variable.IsRequired && !given.Contains(variable.Name))];

    /// <summary>Returns the names of the required variables without a value, or with one that was refused.</summary>
    public IReadOnlySet<string> Unknown => variables.Where(variable => variable.IsUnknown || (variable.IsRequired && values[variable.Name] is null)).Select(variable => variable.Name).ToHashSet();

    /// <summary>Returns the values as expressions read them.</summary>
    public JsonObject ToJson() => new(values.Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone())));

    /// <summary>Returns the types of the values.</summary>
    public ValueType ToType() => ValueType.Struct("vars", variables.ToDictionary(variable => variable.Name, variable => new StructMember(TypeOf(variable))));

    private ValueType TypeOf(Variable variable)
    {
        var type = variable.Type switch
        {
            _ when variable.IsUnknown => ValueType.Any,
            VariableType.Text when variable.Allowed is { } allowed => ValueType.OneOf([.. allowed.Select(value => value.ToString())]),
            VariableType.List or VariableType.Map when values[variable.Name] is { } value => VariableTypes.ValueTypeOf(value),
            _ => variable.Type.ToValueType(),
        };
        return values[variable.Name] is null && !variable.IsRequired && !variable.IsUnknown ? type.OrNull : type;
    }

    private string ProblemOf(string name) =>
        $"there is no variable '{name}'{Suggestions.Hint(name, byName.Keys)}{(byName.Count == 0 ? " (the file declares none in 'vars')" : $" (known: {string.Join(", ", byName.Keys)})")}";
}
