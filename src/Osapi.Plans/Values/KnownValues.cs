using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Values;

/// <summary>Evaluates the expressions of a file that are known before the run, where nothing else is allowed.</summary>
internal sealed class KnownValues(ExpressionScope names, ExpressionValues values, List<FileProblem> problems)
{
    /// <summary>Creates the values of a place in a file.</summary>
    /// <param name="scope">The scope of the file.</param>
    /// <param name="inputs">The inputs of the plan.</param>
    /// <param name="each">The item of a loop; null outside of one.</param>
    /// <param name="place">The name of the place for messages.</param>
    public static KnownValues Of(PlanScope scope, PlanInputs inputs, EachItem? each, string place) =>
        new(KnownNames.Of(scope, each, place), new ExpressionValues().AddKnown(scope, inputs.Environment, each), scope.Problems);

    /// <summary>Returns a value as JSON; null when it is null or wrong.</summary>
    public JsonNode? Json(YamlNode node) => new YamlValues { Expression = (scalar, _, _) => Evaluate(scalar) }.Convert(node, info: null);

    /// <summary>Returns a text; null when the value is none.</summary>
    public string? Text(YamlNode node, string key)
    {
        if (Resolve(node) is YamlScalar { IsNull: false, Text: { Length: > 0 } text })
            return text;
        problems.Add(FileProblem.At(node.Start, $"'{key}' must be text"));
        return null;
    }

    /// <summary>Returns the node with its expressions replaced by their values, as if they had been written there.</summary>
    public YamlNode Resolve(YamlNode node) => node switch
    {
        YamlList list => new YamlList(list.Start, [.. list.Items.Select(Resolve)]),
        YamlMapping mapping => new YamlMapping(mapping.Start, [.. mapping.Members.Select(member => (member.Key, Resolve(member.Value)))]),
        YamlScalar scalar when YamlValues.HasExpression(scalar) => Node(Evaluate(scalar), scalar),
        _ => node,
    };

    private JsonNode? Evaluate(YamlScalar scalar)
    {
        var (text, found) = TextExpression.Read(scalar.Text, names);
        problems.AddRange(found.Select(problem => ExpressionPosition.At(scalar, problem)));
        if (text is null)
            return null;
        try
        {
            return text.Evaluate(values);
        }
        catch (ExpressionException exception)
        {
            problems.Add(VarsValue.ProblemOf(scalar, exception));
            return null;
        }
    }

    private static YamlNode Node(JsonNode? value, YamlScalar written) => value switch
    {
        JsonArray list => new YamlList(written.Start, [.. list.Select(item => Node(item, written))]),
        JsonObject map => new YamlMapping(written.Start, [.. map.Select(member => (new YamlScalar(written.Start, member.Key, plain: false), Node(member.Value, written)))]),
        null => new YamlScalar(written.Start, "", plain: true),
        _ => new YamlScalar(written.Start, value.ToString(), plain: value.GetValueKind() != JsonValueKind.String),
    };
}
