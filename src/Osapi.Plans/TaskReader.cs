using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Plans.Yaml;
using YamlDotNet.Core;

namespace Osapi.Plans;

/// <summary>Reads one task of a plan file.</summary>
internal sealed class TaskReader(OperationCatalog catalog, List<FileProblem> problems)
{
    private static readonly IReadOnlyList<string> Keys = ["name", "op", "target", "with", "depends_on", .. ModifierReader.Keys];

    /// <summary>The task, as far as it could be read; null when the node is no task at all.</summary>
    public TaskEntry? Read(YamlNode node)
    {
        if (node is not YamlMapping mapping)
        {
            problems.Add(FileProblem.At(node.Start, $"a task is a mapping with {string.Join(", ", Keys)}"));
            return null;
        }

        var before = problems.Count;
        YamlFields fields = new(mapping, Keys, problems, [.. TaskHeadReader.Keys, "block", "include"]);
        var name = fields.Name("name") ?? "";
        var operation = ReadOperation(fields);
        var sameAs = operation is { RunsOn: RunsOn.Host } ? ReadSameAs(fields) : null;
        var target = operation is null || sameAs is not null ? null : ReadTarget(fields, operation, mapping.Start);
        var request = operation is null ? null : ReadRequest(fields, operation, mapping.Start);
        var dependsOn = fields.Texts("depends_on");
        var (modifiers, reads) = new ModifierReader(problems).Read(fields);
        PlanFileTask? task = problems.Count == before
            ? new(name, operation!, target, sameAs?.Name, request!, [.. dependsOn.Select(dependency => dependency.Text).Distinct()], modifiers, mapping.Start)
            : null;
        List<(string, string, Mark)> named = [.. reads.Select(read => ("when", read.Name, read.Mark))];
        if (sameAs is { Name.Length: > 0 } origin)
            named.Add(("same_as", origin.Name, origin.Mark));
        return new(name, fields.Find("name")?.Start ?? mapping.Start, dependsOn, named, task);
    }

    public Operation? ReadOperation(YamlFields fields)
    {
        if (fields.Text("op", required: true) is not { } id)
            return null;
        if (catalog.TryFind(id, out var operation))
            return operation;
        problems.Add(FileProblem.At(fields.Find("op")!.Start, $"there is no operation '{id}'{Suggestions.Hint(id, catalog.Select(known => known.Id))} (osapi operations lists them)"));
        return null;
    }

    /// <summary>Returns the task whose hosts are the target; null when the target is a text.</summary>
    public (string Name, Mark Mark)? ReadSameAs(YamlFields fields)
    {
        if (fields.Find("target") is not YamlMapping mapping)
            return null;
        YamlFields target = new(mapping, ["same_as"], problems);
        return (target.Text("same_as", required: true) ?? "", target.Find("same_as")?.Start ?? mapping.Start);
    }

    public Target? ReadTarget(YamlFields fields, Operation operation, Mark task)
    {
        if (operation.RunsOn == RunsOn.Controller)
        {
            if (fields.Find("target") is { } needless)
                problems.Add(FileProblem.At(needless.Start, $"{operation.Id} runs on the controller and takes no target"));
            return null;
        }

        if (fields.Find("target") is not { } node)
        {
            _ = Target.TryParse(null, out _, out var missing);
            problems.Add(FileProblem.At(task, missing!));
            return null;
        }

        if (fields.Text("target", required: true) is not { } text)
            return null;
        if (!Target.TryParse(text, out var target, out var problem))
            problems.Add(FileProblem.At(node.Start, problem));
        return target;
    }

    private object? ReadRequest(YamlFields fields, Operation operation, Mark task)
    {
        JsonObject members = [];
        YamlValues values = new();
        var with = fields.Find("with");
        if (with is YamlMapping)
            members = values.Convert(with, operation.RequestInfo)!.AsObject();
        else if (with is not (null or YamlScalar { IsNull: true }))
        {
            problems.Add(FileProblem.At(with.Start, "'with' must be a mapping of the operation's members"));
            return null;
        }

        var binding = RequestBinder.Bind(operation.RequestInfo, members);
        foreach (var problem in binding.Problems)
            problems.Add(FileProblem.At(with is YamlMapping ? values.MarkOf(problem.Member) : with?.Start ?? task, problem.ToString()));
        return binding.Value;
    }
}
