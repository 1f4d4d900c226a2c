using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Plans.Conditions;
using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Requests;

/// <summary>
/// Reads the request of a task. What is known before the run is evaluated, and checked as if it had been written there; of the rest the
/// types are.
/// </summary>
internal sealed class TaskRequestReader(PlanInputs inputs, RunNames names, TaskReads reads)
{
    private readonly Dictionary<JsonNode, RequestText> texts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Returns the request, or the template of one; neither when there are problems.</summary>
    public (object? Request, RequestTemplate? Template) Read(TaskHead task)
    {
        var draft = task.Draft;
        var (operation, problems) = (task.Operation!, draft.Scope.Problems);
        if (task.With is not (null or YamlMapping or YamlScalar { IsNull: true }))
        {
            problems.Add(FileProblem.At(task.With.Start, "'with' must be a mapping of the operation's members"));
            return default;
        }

        var before = problems.Count;
        YamlValues values = new() { Expression = (scalar, contract, path) => Evaluate(task, scalar, contract, path) };
        var members = task.With is YamlMapping ? values.Convert(task.With, operation.RequestInfo)!.AsObject() : [];
        ExpressionPlace place = new(draft.Scope, draft.Each, draft.Name, task.RunsOnHosts);
        RequestTemplate template = new(operation, members, texts, place);
        var isTemplate = texts.Count > 0;
        var binding = RequestBinder.Bind(operation.RequestInfo, isTemplate ? (JsonObject)template.Evaluated(members, text => RequestValues.Sample(text.Contract))! : members);
        foreach (var problem in binding.Problems.Where(problem => !isTemplate || !IsUnknown(problem.Member)))
            problems.Add(FileProblem.At(task.With is YamlMapping ? values.MarkOf(problem.Member) : task.With?.Start ?? draft.Node.Start, problem.ToString()));
        return problems.Count > before ? default : isTemplate ? (null, template) : (binding.Value, null);
    }

    // Rules about a value that is not known yet, or about the whole, are checked when it is.
    private bool IsUnknown(string member) =>
        member.Length == 0 || texts.Values.Where(text => text.Contract is not null).Any(text => text.Path.StartsWith(member, StringComparison.Ordinal) || member.StartsWith(text.Path, StringComparison.Ordinal));

    private JsonNode? Evaluate(TaskHead task, YamlScalar scalar, JsonTypeInfo? contract, string path)
    {
        var (draft, operation) = (task.Draft, task.Operation!);
        var member = path.IndexOfAny(['.', '[']) is > 0 and var end ? path[..end] : path;
        var form = operation.RunsOn == RunsOn.Controller ? TextForm.Plain : IsShellLine(operation, member) ? TextForm.ShellLine : TextForm.Request;
        var (text, found) = TextExpression.Read(scalar.Text, names.Of(task, draft.Scope, draft.Each, isRequest: true), form);
        draft.Scope.Problems.AddRange(found.Select(problem => ExpressionPosition.At(scalar, problem)));
        if (text is null)
            return RequestValues.Sample(contract);
        reads.Check(task, text.Reads, draft.Scope, scalar);
        if (!RequestValues.Takes(contract, text.Type))
            draft.Scope.Problems.Add(FileProblem.At(scalar.Start, $"{path} takes {ContractTypes.Of(contract!, "an object").Phrase}, and this is {text.Type.Phrase}"));
        if (text.Reads.Secrets.Count > 0 && !operation.Secrets.ContainsKey(member))
            draft.Scope.Problems.Add(FileProblem.At(scalar.Start, $"secrets.{text.Reads.Secrets.Min} may not go into '{member}', which is shown and kept: {SecretPlaces(operation)}"));
        if (!text.Reads.IsKnownBeforeRun)
        {
            var marker = JsonValue.Create(scalar.Text);
            texts.Add(marker, new(text, scalar, contract, path));
            return marker;
        }

        try
        {
            return RequestValues.ForContract(text.Evaluate(new ExpressionValues().AddKnown(draft.Scope, inputs.Environment, draft.Each)), contract);
        }
        catch (ExpressionException exception)
        {
            draft.Scope.Problems.Add(VarsValue.ProblemOf(scalar, exception));
            return RequestValues.Sample(contract);
        }
    }

    private static string SecretPlaces(Operation operation) => operation.Secrets.Count == 0
        ? $"{operation.Id} has no secret members"
        : $"the secret members of {operation.Id} are {string.Join(", ", operation.Secrets.Keys)}";

    private static bool IsShellLine(Operation operation, string member) =>
        operation.RequestInfo.Properties.FirstOrDefault(property => property.Name == member)?.AttributeProvider?.IsDefined(typeof(ShellLineAttribute), inherit: true) == true;
}
