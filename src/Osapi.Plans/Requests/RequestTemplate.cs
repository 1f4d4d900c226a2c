using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Orchestrator;
using Osapi.Plans.Conditions;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Requests;

/// <summary>A request whose expressions are evaluated when its task starts on a host.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Members">The members, with a marker in place of each text with expressions.</param>
/// <param name="Texts">The texts by their markers.</param>
/// <param name="Place">The place of the expressions.</param>
internal sealed record RequestTemplate(Operation Operation, JsonObject Members, IReadOnlyDictionary<JsonNode, RequestText> Texts, ExpressionPlace Place)
{
    /// <summary>Completes a request, such as the paths of its local files.</summary>
    public Func<object, object> Complete { get; init; } = static request => request;

    /// <summary>Makes the request of a cell.</summary>
    /// <exception cref="TaskFailedException">An expression cannot be evaluated, or the request is wrong; the message has the position.</exception>
    public object Make(RunValues values, Results results, string? host)
    {
        var read = values.For(Place, results, host);
        var binding = RequestBinder.Bind(Operation.RequestInfo, (JsonObject)Evaluated(Members, text => Evaluate(text, read))!);
        return binding.Value is { } request ? Complete(request) : throw new TaskFailedException($"the request is wrong: {binding.Text}");
    }

    /// <summary>Returns the members with a value for each text with expressions.</summary>
    public JsonNode? Evaluated(JsonNode? node, Func<RequestText, JsonNode?> value) => node switch
    {
        not null when Texts.TryGetValue(node, out var text) => value(text),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Evaluated(member.Value, value)))),
        JsonArray items => new JsonArray([.. items.Select(item => Evaluated(item, value))]),
        _ => node?.DeepClone(),
    };

    private JsonNode? Evaluate(RequestText text, ExpressionValues values)
    {
        try
        {
            return RequestValues.ForContract(text.Text.Evaluate(values), text.Contract);
        }
        catch (ExpressionException exception)
        {
            throw Place.Failure(text.Node, exception);
        }
    }
}

/// <summary>A text with expressions in a request.</summary>
/// <param name="Text">The text.</param>
/// <param name="Node">The text in the file.</param>
/// <param name="Contract">The contract of its place; null for a place without one.</param>
/// <param name="Path">The path in the request.</param>
internal sealed record RequestText(TextExpression Text, YamlScalar Node, JsonTypeInfo? Contract, string Path);
