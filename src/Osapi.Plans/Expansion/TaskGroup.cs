namespace Osapi.Plans.Expansion;

/// <summary>The kinds of names in a file.</summary>
internal enum GroupKind
{
    Task,
    Loop,
    Block,
    Include,
}

/// <summary>The tasks that a name stands for: one, those of a loop by key, or those of a block or an included file.</summary>
/// <param name="Name">The name in its file.</param>
/// <param name="Kind">The kind of the name.</param>
internal sealed record TaskGroup(string Name, GroupKind Kind)
{
    /// <summary>The tasks, in the order of the file.</summary>
    public List<TaskDraft> Tasks { get; } = [];

    /// <summary>The tasks of a loop by key.</summary>
    public Dictionary<string, TaskDraft> Items { get; } = [];
}
