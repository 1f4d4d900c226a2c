namespace Osapi.Agent.Files.Templates;

/// <summary>The names that a template reads and nobody defined, in the order of reading.</summary>
internal sealed class UndefinedNames
{
    private readonly List<string> names = [];

    /// <summary>True when a member was read that is there and null: the engine takes it for undefined, which it is not.</summary>
    public bool NullWasRead { get; set; }

    public bool Any => names.Count > 0;

    public void Add(string name)
    {
        if (!names.Contains(name))
            names.Add(name);
    }

    public override string ToString() => string.Join(", ", names);
}
