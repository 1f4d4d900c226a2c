using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Osapi.Cli.Plans;

/// <summary>Reads one task of a plan file.</summary>
internal sealed class TaskReader(OperationCatalog catalog, List<PlanProblem> problems)
{
    private static readonly IReadOnlyList<string> Keys = ["name", "op", "target", "with", "depends_on"];

    /// <summary>The task, as far as it could be read; null when the node is no task at all.</summary>
    public TaskEntry? Read(YamlNode node)
    {
        if (node is not YamlMappingNode mapping)
        {
            problems.Add(At(node.Start, $"a task is a mapping with {string.Join(", ", Keys)}"));
            return null;
        }

        var before = problems.Count;
        YamlFields fields = new(mapping, Keys, problems);
        var name = fields.Text("name", required: true) ?? "";
        var operation = ReadOperation(fields);
        var target = operation is null ? null : ReadTarget(fields, operation, mapping.Start);
        var request = operation is null ? null : ReadRequest(fields, operation, mapping.Start);
        var dependsOn = fields.Texts("depends_on");
        PlanFileTask? task = problems.Count == before ? new(name, operation!, target, request!, [.. dependsOn.Select(dependency => dependency.Text)]) : null;
        return new(name, fields.Find("name")?.Start ?? mapping.Start, dependsOn, task);
    }

    private Operation? ReadOperation(YamlFields fields)
    {
        if (fields.Text("op", required: true) is not { } id)
            return null;
        if (catalog.TryFind(id, out var operation))
            return operation;
        problems.Add(At(fields.Find("op")!.Start, $"there is no operation '{id}'{NearName.Hint(id, catalog.Select(known => known.Id))} (osapi operations lists them)"));
        return null;
    }

    private Target? ReadTarget(YamlFields fields, Operation operation, Mark task)
    {
        var node = fields.Find("target");
        if (operation.RunsOn == RunsOn.Controller)
        {
            if (node is not null)
                problems.Add(At(node.Start, $"{operation.Id} runs on the controller and takes no target"));
            return null;
        }

        var (target, wrong) = Target.Read((node as YamlScalarNode)?.Value);
        if (wrong is not null)
            problems.Add(At(node?.Start ?? task, wrong));
        return target;
    }

    private object? ReadRequest(YamlFields fields, Operation operation, Mark task)
    {
        JsonObject members = [];
        YamlValues values = new();
        if (fields.Find("with") is { } with)
            try
            {
                if (values.Convert(with, operation.RequestInfo) is not JsonObject given)
                {
                    problems.Add(At(with.Start, "'with' must be a mapping of the operation's members"));
                    return null;
                }

                members = given;
            }
            catch (YamlException exception)
            {
                problems.Add(At(exception.Start, exception.Message));
                return null;
            }

        var binding = RequestBinder.Bind(operation.RequestInfo, members);
        foreach (var problem in binding.Problems)
            problems.Add(At(fields.Find("with") is null ? task : values.MarkOf(problem.Member), problem.ToString()));
        return binding.Value;
    }

    private static PlanProblem At(Mark mark, string message) => new(mark.Line, mark.Column, message);
}
