using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Audit;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>Prints the result of an operation of the controller that lists things.</summary>
internal static class ListView
{
    // Where no terminal has a width.
    private const int DefaultWidth = 80;

    // The members that name an item, the first that it has.
    private static readonly string[] NameMembers = ["id", "name", "hostname", "fingerprint"];

    /// <summary>Returns the member of a result that has the items; null for an operation that is no list.</summary>
    public static JsonPropertyInfo? ItemsOf(Operation operation) =>
        operation is { RunsOn: RunsOn.Controller, Idempotency: Idempotency.ReadOnly }
        && operation.Id.EndsWith(".list", StringComparison.Ordinal)
        && operation.ResultInfo is { Kind: JsonTypeInfoKind.Object } result
        && result.Properties.Where(property => IsListOfObjects(result, property)).ToList() is [var items]
        && NameMembers.Any(name => MemberUnits.ContractOf(result, items.Name)!.Properties.Any(property => property.Name == name))
            ? items
            : null;

    /// <summary>Prints a list.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="document">The response.</param>
    /// <param name="output">The form, but JSON.</param>
    public static void Print(Operation operation, JsonElement document, ListOutput output)
    {
        var items = ItemsOf(operation)!.Name;
        int? width = output == ListOutput.Wide ? null : Terminal.Width ?? DefaultWidth;
        if (output == ListOutput.Yaml)
            Terminal.Raw(YamlText.Of(document));
        else if (output == ListOutput.Name)
            PrintNames(document.GetProperty(items));
        else if (operation == AgentOperations.List)
            AgentTable.Print(document.Deserialize(AgentOperations.List.Result)!, TimeProvider.System.GetUtcNow(), width);
        else if (operation == JobOperations.List)
            JobTable.Print(document.Deserialize(JobOperations.List.Result)!, TimeProvider.System.GetUtcNow(), width);
        else if (operation == RunOperations.List)
            RunTable.Print(document.Deserialize(RunOperations.List.Result)!, TimeProvider.System.GetUtcNow(), width);
        else if (operation == AuditOperations.List)
            AuditTable.Print(document.Deserialize(AuditOperations.List.Result)!, TimeProvider.System.GetUtcNow(), width);
        else
            PrintItems(document, operation, items, width);
    }

    private static bool IsListOfObjects(JsonTypeInfo result, JsonPropertyInfo property) =>
        result.Options.GetTypeInfo(property.PropertyType).Kind == JsonTypeInfoKind.Enumerable && MemberUnits.ContractOf(result, property.Name) is { Kind: JsonTypeInfoKind.Object };

    private static void PrintNames(JsonElement items)
    {
        foreach (var item in items.EnumerateArray())
            if (NameMembers.FirstOrDefault(name => item.TryGetProperty(name, out _)) is { } member)
                Terminal.Out.Line(item.GetProperty(member).ToString());
    }

    private static void PrintItems(JsonElement document, Operation operation, string items, int? width)
    {
        var list = document.GetProperty(items).EnumerateArray().ToList();
        var contract = MemberUnits.ContractOf(operation.ResultInfo, items)!;
        // In the order of the contract, those without any value left out.
        var columns = contract.Properties.Select(property => property.Name).Where(name => list.Exists(item => item.TryGetProperty(name, out var value) && JsonTree.Text(value).Length > 0)).ToList();
        if (columns.Count > 0)
        {
            ListTable table = new(columns, [.. list.Select(item => (IReadOnlyList<string>)[.. columns.Select(column => Cell(item, column, contract))])]);
            table.Print(width, styledColumn: -1, _ => "default");
        }

        Terminal.Out.Line($"{list.Count} {(list.Count == 1 && items.EndsWith('s') ? items[..^1] : items)}");
    }

    private static string Cell(JsonElement item, string column, JsonTypeInfo contract) =>
        item.TryGetProperty(column, out var value) ? MemberUnits.Format(value, MemberUnits.Of(contract, column)) ?? JsonTree.Text(value) : "";
}
