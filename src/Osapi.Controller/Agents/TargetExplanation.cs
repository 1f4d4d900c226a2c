using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>Explains why a target selects no host, with suggestions.</summary>
internal static class TargetExplanation
{
    // More names do not help after a typing error.
    private const int MaxNames = 5;

    // A caller who writes the name without its underscore means these.
    private static readonly IReadOnlyList<string> Reserved = [Target.All.Text, Target.Any.Text];

    /// <summary>Explains why no registered host belongs to a target.</summary>
    public static string Of(Target target, IReadOnlyList<AgentInfo> agents) => target.Kind switch
    {
        TargetKind.Host when IsReservedWithoutUnderscore(target.Text) => $"target {target} is not a registered host; did you mean '_{target.Text.ToLowerInvariant()}'?",
        _ when agents.Count == 0 => $"target {target} matches no host: no agent is registered",
        TargetKind.Label => $"target {target} matches no host{Labels(target, agents)}",
        _ => $"target {target} is not a registered host" + Suggestions.HintAll(target.Text, agents.Select(agent => agent.Hostname)),
    };

    /// <summary>Explains for every host of a list that is not registered what is wrong; empty when all are.</summary>
    /// <param name="hostnames">The list.</param>
    /// <param name="found">The agents of the list that are registered.</param>
    /// <param name="agents">All registered agents.</param>
    public static IReadOnlyList<string> OfMissing(IEnumerable<string> hostnames, IReadOnlyList<AgentInfo> found, IReadOnlyList<AgentInfo> agents)
    {
        var known = found.Select(agent => HostKey.Of(agent.Hostname)).ToHashSet();
        return [.. hostnames.Where(name => !known.Contains(HostKey.Of(name))).Select(name => $"host {name} is not registered" + Suggestions.HintAll(name, agents.Select(agent => agent.Hostname)))];
    }

    /// <summary>Explains why all hosts of <c>_any</c> refuse work.</summary>
    public static string OfDrained(IEnumerable<AgentInfo> drained) => $"no host takes work: {string.Join(", ", drained.Select(agent => $"{agent.Hostname} is {agent.State}"))}";

    private static bool IsReservedWithoutUnderscore(string name) => Reserved.Contains("_" + name, StringComparer.OrdinalIgnoreCase);

    private static string Labels(Target target, IReadOnlyList<AgentInfo> agents)
    {
        // A parent of a hierarchical label also selects its hosts.
        var known = agents.SelectMany(agent => agent.Labels).SelectMany(label => Levels(label.Value).Select(value => $"{label.Key}:{value}")).Distinct().ToList();
        var hint = Suggestions.HintAll(target.Text, known);
        if (hint.Length > 0)
            return hint;
        var ofKey = agents.Select(agent => agent.Labels.GetValueOrDefault(target.LabelKey!)).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return ofKey.Count > 0
            ? $"; {target.LabelKey} is one of {List(ofKey)}"
            : agents.SelectMany(agent => agent.Labels.Keys).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } keys ? $"; the hosts have the labels {List(keys)}"
            : "; no host has a label";
    }

    private static IEnumerable<string> Levels(string value)
    {
        for (var at = value.IndexOf('.', StringComparison.Ordinal); at >= 0; at = value.IndexOf('.', at + 1))
            yield return value[..at];
        yield return value;
    }

    private static string List(List<string> names) =>
        string.Join(", ", names.Take(MaxNames)) + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "");
}
