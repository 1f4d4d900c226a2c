using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Orchestrator;

namespace Osapi.Plans.Saved;

/// <summary>Makes the prints of a check, and compares them.</summary>
internal static class StatePrints
{
    private const string Controller = "(controller)";

    /// <summary>Returns the prints of a check.</summary>
    /// <param name="report">The report of the check.</param>
    /// <param name="plan">The plan that was checked.</param>
    /// <param name="requests">The requests of its calls.</param>
    public static IReadOnlyList<StatePrint> Of(Report report, Plan plan, RecordedChecks requests)
    {
        var operations = plan.Tasks.ToDictionary(task => task.Name, task => task.Operation);
        return
        [
            .. report.Tasks.SelectMany(task => task.HostResults.Count == 0 ? [Of(task, operations[task.Name])] : task.HostResults.Select(host => Of(task, host, requests))),
            .. requests.OfController.GroupBy(call => call.Operation).Select(calls => new StatePrint(Controller, null, $"{calls.Key} {calls.Count()} times", Digest([.. calls.Select(call => call.Request)]))),
        ];
    }

    /// <summary>Returns what differs between what was shown and what is found now.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<StatePrint> shown, IReadOnlyList<StatePrint> found)
    {
        var now = found.ToDictionary(print => (print.Task, print.Host));
        List<string> differences = [];
        foreach (var print in shown)
            if (!now.Remove((print.Task, print.Host), out var same))
                differences.Add($"{Place(print)}: it is not in the plan any more (shown: {print.Shown})");
            else if (same.Digest != print.Digest)
                differences.Add(same.Shown == print.Shown ? $"{Place(print)}: the state or the request differs from what was shown ({print.Shown})" : $"{Place(print)}: shown was {print.Shown}, found is {same.Shown}");
        differences.AddRange(now.Values.Select(print => $"{Place(print)}: it was not shown (found: {print.Shown})"));
        return differences;
    }

    /// <summary>Returns a check as text that is the same for the same check. The content of private files is left out, because another caller may not see it; its size and hash are there.</summary>
    public static string Canonical(CheckResult? check)
    {
        if (check is null)
            return "";
        var json = check.ToJson();
        json.Remove("content_diff");
        return Sorted(json).ToJsonString();
    }

    private static StatePrint Of(TaskResult task, HostResult host, RecordedChecks requests) => new(
        task.Name,
        host.Hostname,
        Words(host.Status, host.SkipReason ?? host.Error, host.Check),
        Digest(host.Status.ToText(), host.SkipReason ?? "", requests.RequestOf(host.JobId ?? task.JobId) ?? "", requests.AnswerOf(host.JobId ?? task.JobId, host.Hostname), Canonical(host.Check)));

    private static StatePrint Of(TaskResult task, Operation? operation)
    {
        var check = task.Data is { } data && operation is { CanBeChecked: true } ? CheckResult.Read(JsonElement.Parse(data.ToJsonString())) : null;
        return new(task.Name, null, Words(task.Status, task.SkipReason ?? task.Error?.Message, check), Digest(task.Status.ToText(), task.SkipReason ?? "", Canonical(check)));
    }

    private static string Words(Status status, string? reason, CheckResult? check) => check is null
        ? string.IsNullOrEmpty(reason) ? status.ToText() : $"{status.ToText()}: {reason}"
        : check.Changed switch { true => "would change", false => "would not change", null => $"cannot be predicted{(check.Reason is null ? "" : $": {check.Reason}")}" };

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : Sorted(item))]),
        _ => node.DeepClone(),
    };

    // No text can be moved from one part to the next.
    private static string Digest(params IReadOnlyList<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"{part.Length}:{part}")))));

    private static string Place(StatePrint print) => print.Host is null ? print.Task : $"{print.Task} on {print.Host}";
}
