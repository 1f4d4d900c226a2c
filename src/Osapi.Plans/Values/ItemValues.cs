using Osapi.Orchestrator;
using Osapi.Plans.Expressions;

namespace Osapi.Plans.Values;

/// <summary>The results of the items of a loop over results, by key.</summary>
internal sealed class ItemValues(string task, IReadOnlyList<ItemResult> items) : MapValue
{
    public override IReadOnlyCollection<string> Keys => [.. items.Select(item => item.Key)];

    public override bool TryRead(string key, out object? value)
    {
        var item = items.FirstOrDefault(item => item.Key == key);
        value = item is null ? null : new CellValues($"{task}[{key}]", on: null, item.Status, item.Changed, item.Data, Absence(item));
        return item is not null;
    }

    private string? Absence(ItemResult item) => item switch
    {
        { Status: Status.Skipped } => $"'{task}[{item.Key}]' was skipped: {item.SkipReason}",
        { Data: null } => $"'{task}[{item.Key}]' has no result: {item.Error ?? item.Status.ToText()}",
        _ => null,
    };
}
