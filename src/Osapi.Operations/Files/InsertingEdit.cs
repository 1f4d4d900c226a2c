using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The members that all edits share which insert lines, or remove them.</summary>
public abstract record InsertingEdit : FileEdit
{
    private protected InsertingEdit()
    {
    }

    /// <summary>Present when the file is to contain the lines, absent when it is not; default: present.</summary>
    public EditState? State { get; init; }

    /// <summary>The line after which new lines are inserted: the last one that matches; default: the end of the file, also when none matches.</summary>
    public TextPattern? InsertAfter { get; init; }

    /// <summary>The line before which new lines are inserted: the last one that matches. When none matches, the end of the file.</summary>
    public TextPattern? InsertBefore { get; init; }

    /// <summary>True to insert new lines at the beginning of the file; default: false.</summary>
    public bool? AtBeginning { get; init; }

    /// <summary>True to create the file when it does not exist; default: false, which makes it an error.</summary>
    public bool? Create { get; init; }

    /// <summary>The permissions of a new file, octal; default: 0644. An existing file keeps its own.</summary>
    public OctalMode? Mode { get; init; }

    /// <summary>The owner of a new file; default: the agent's user.</summary>
    public AccountName? Owner { get; init; }

    /// <summary>The group of a new file; default: the agent's group.</summary>
    public AccountName? Group { get; init; }

    private protected IEnumerable<Problem> ProblemsOfPlace()
    {
        if (State == EditState.Absent && (InsertAfter is not null || InsertBefore is not null || AtBeginning is not null || Create is not null))
            yield return new("state", "must be present for insert_after, insert_before, at_beginning and create");
        if ((InsertAfter is null ? 0 : 1) + (InsertBefore is null ? 0 : 1) + (AtBeginning == true ? 1 : 0) > 1)
            yield return new("insert_after", "must not be given together with another place: insert_before, at_beginning");
        if (Create != true && (Mode is not null || Owner is not null || Group is not null))
            yield return new("create", "must be true for mode, owner or group, which are those of a new file");
    }
}
