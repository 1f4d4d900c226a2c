using System.Text.Json.Nodes;
using Osapi.Orchestrator;
using Osapi.Plans.Expressions;

namespace Osapi.Plans.Values;

/// <summary>The result of one cell: the members of the operation's result, and how it ended.</summary>
/// <param name="task">The name of the task.</param>
/// <param name="on">The host; null for none.</param>
/// <param name="status">The status.</param>
/// <param name="changed">True when something changed.</param>
/// <param name="data">The result; null when there is none.</param>
/// <param name="absence">The reason that there is no result; null when there is one.</param>
internal sealed class CellValues(string task, string? on, Status status, bool changed, JsonObject? data, string? absence) : MapValue
{
    public override IReadOnlyCollection<string> Keys => [.. data?.Select(member => member.Key) ?? []];

    private JsonObject? Check => data is null ? null : data["check"] as JsonObject;

    /// <summary>The items of a loop over results; null for a task without items.</summary>
    public IReadOnlyList<ItemResult>? Items { get; init; }

    public static CellValues Of(string task, HostResult cell)
    {
        var hasResult = cell.Reply?.Result is not null || cell.Data is null || cell.Outcome == Operations.Outcome.Ok;
        var absence = cell.Status switch
        {
            Status.Skipped => $"'{task}' was skipped on {cell.Hostname}: {cell.SkipReason ?? cell.Error}",
            Status.Failed or Status.Cancelled when !hasResult || cell.Reply is null => $"'{task}' has no result on {cell.Hostname}, it {(cell.Status == Status.Failed ? "failed" : "was cancelled")}: {cell.Error}",
            _ => null,
        };
        return new(task, cell.Hostname, cell.Status, cell.Changed, cell.Data, absence) { Items = cell.Items.Count > 0 ? cell.Items : null };
    }

    public override bool TryRead(string key, out object? value)
    {
        switch (key)
        {
            case "status" or "changed" when Check is { } check && check["changed"] is null:
                throw new NotKnownInCheckException(Unknown(key));
            case "status":
                value = JsonValue.Create(status.ToText());
                return true;
            case "changed":
                value = JsonValue.Create(changed);
                return true;
            case "failed":
                value = JsonValue.Create(status == Status.Failed);
                return true;
            case "skipped":
                value = JsonValue.Create(status == Status.Skipped);
                return true;
        }

        if (key == "items" && Items is not null)
        {
            value = new ItemValues(task, Items);
            return true;
        }

        if (absence is not null)
            throw new ValueException(absence);
        if (Check is not null)
            throw new NotKnownInCheckException(Unknown(key));
        value = null;
        if (data is null)
            return false;
        if (!data.ContainsKey(key) && ResultTypes.IsHead(key, out var text) && data.ContainsKey(text))
        {
            value = data[text];
            return true;
        }

        if (data[ResultTypes.CutOf(key)] is JsonValue cut && cut.TryGetValue(out bool isCut) && isCut)
            throw new ValueException($"'{key}' of '{task}'{(on is null ? "" : $" on {on}")} was cut, because it is large; '{key}{ResultTypes.HeadSuffix}' is its beginning and end");
        // A member that is null may have been left out.
        value = data[key];
        return true;
    }

    private string Unknown(string key) => $"not known in a check: {key} of '{task}'{(on is null ? "" : $" on {on}")}";
}
