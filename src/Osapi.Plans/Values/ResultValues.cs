using System.Text.Json.Nodes;
using Osapi.Orchestrator;
using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;

namespace Osapi.Plans.Values;

/// <summary>The results of the tasks of a file, as one cell reads them. Each is read when an expression asks for it.</summary>
internal sealed class ResultValues(PlanScope scope, Results results, string? host) : MapValue
{
    private readonly Dictionary<string, MapValue> read = [];

    public override IReadOnlyCollection<string> Keys => [.. scope.Groups.Keys];

    public override bool TryRead(string key, out object? value)
    {
        value = null;
        if (!scope.Groups.TryGetValue(key, out var group))
            return false;
        if (!read.TryGetValue(key, out var known))
            read.Add(key, known = group.Kind == GroupKind.Loop ? new LoopResults(group, results, host) : new TaskResultValues(group.Tasks[0], results, host));
        value = known;
        return true;
    }

    /// <summary>Returns the host of a task of one cell.</summary>
    public static string HostOf(PlanScope scope, Results results, string task) =>
        results.Get(scope.Groups[task].Tasks[0].Name)?.HostResults is [{ Hostname: { Length: > 0 } name }, ..] ? name : throw new ValueException($"'{task}' ran on no host");

    private sealed class LoopResults(TaskGroup group, Results results, string? host) : MapValue
    {
        public override IReadOnlyCollection<string> Keys => group.Items.Keys;

        public override bool TryRead(string key, out object? value)
        {
            value = group.Items.TryGetValue(key, out var task) ? new TaskResultValues(task, results, host) : null;
            return value is not null;
        }
    }
}

/// <summary>The result of one task: of the host that reads it, and of all hosts.</summary>
internal sealed class TaskResultValues(TaskDraft task, Results results, string? host) : MapValue
{
    private Result? seen;
    private Result? all;

    public override IReadOnlyCollection<string> Keys => ["changed", "failed", "skipped", "status"];

    private Result Seen => seen ??= results.Get(task.Name)!;

    private Result All => all ??= results.Whole.Get(task.Name)!;

    public override bool TryRead(string key, out object? value)
    {
        value = key switch
        {
            "hosts" when task.Head!.RunsOnHosts => new HostsOfResult(task.Name, All),
            "ok_count" => Count(cell => cell.Status is Status.Changed or Status.Unchanged),
            "failed_count" => Count(cell => cell.Status == Status.Failed),
            "changed_count" => Count(cell => cell.Changed),
            "skipped_count" => Count(cell => cell.Status == Status.Skipped),
            _ => null,
        };
        if (value is not null)
            return true;
        var cell = Cell();
        return cell is null
            ? new CellValues(task.Name, on: null, Seen.Status, Seen.Changed, task.Head!.RunsOnHosts ? null : Seen.Data, Absence()) { Items = task.Head!.HasItems ? Seen.Items : null }.TryRead(key, out value)
            : CellValues.Of(task.Name, cell).TryRead(key, out value);
    }

    // A task without hosts, and one that does not have the reader's host, is read as a whole.
    private HostResult? Cell() => Seen.HostResults.Count == 1 && (task.Head!.IsOneCell || host is null || Seen.HostResults[0].Hostname == host)
        ? Seen.HostResults[0]
        : Seen.HostResults.FirstOrDefault(cell => host is not null && cell.Hostname == host);

    private string? Absence() => task.Head!.RunsOnHosts ? $"'{task.Name}' did not run on {host ?? "a host"}"
        : Seen.Status == Status.Skipped ? $"'{task.Name}' was skipped"
        : Seen.Status is Status.Failed or Status.Cancelled ? $"'{task.Name}' has no result: {Seen.Error?.Message ?? Seen.Status.ToText()}"
        : null;

    private JsonValue Count(Func<HostResult, bool> counts) => JsonValue.Create(All.HostResults.Count(counts));
}

/// <summary>The results of a task by host.</summary>
internal sealed class HostsOfResult(string task, Result result) : MapValue
{
    public override IReadOnlyCollection<string> Keys => [.. result.HostResults.Select(cell => cell.Hostname)];

    public override bool TryRead(string key, out object? value)
    {
        value = result.HostResults.FirstOrDefault(cell => cell.Hostname == key) is { } cell ? CellValues.Of(task, cell) : null;
        return value is not null;
    }
}
