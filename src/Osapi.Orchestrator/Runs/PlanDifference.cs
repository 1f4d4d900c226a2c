using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>The tasks in which a plan differs from the one that a run was started with.</summary>
internal sealed record PlanDifference(IReadOnlyList<string> Changed, IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    public static PlanDifference Of(IReadOnlyList<RunTask> started, IReadOnlyList<RunTask> now)
    {
        var before = started.ToDictionary(task => task.Name, task => task.Digest, StringComparer.Ordinal);
        var after = now.Select(task => task.Name).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. now.Where(task => before.TryGetValue(task.Name, out var digest) && digest != task.Digest).Select(task => task.Name)],
            [.. now.Where(task => !before.ContainsKey(task.Name)).Select(task => task.Name)],
            [.. started.Select(task => task.Name).Where(name => !after.Contains(name))]);
    }

    public override string ToString()
    {
        var parts = new[] { Part("changed", Changed), Part("new", Added), Part("removed", Removed) }.OfType<string>().ToList();
        return parts.Count == 0 ? "its order or its options" : string.Join("; ", parts);
    }

    // Names of many tasks help nobody.
    private static string? Part(string what, IReadOnlyList<string> names) => names.Count == 0 ? null
        : $"{what}: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? $" and {names.Count - 10} more" : "")}";
}
