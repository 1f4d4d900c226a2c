namespace Osapi.Plans.Expressions;

/// <summary>What an expression reads.</summary>
internal sealed class ExpressionReads
{
    /// <summary>Gets the tasks whose results or hosts are read.</summary>
    public SortedSet<string> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the secrets that are read.</summary>
    public SortedSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the roots that are read.</summary>
    public SortedSet<string> Roots { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets a value that says whether the value differs by host.</summary>
    public bool LooksAtHost { get; set; }

    /// <summary>Gets or sets a value that says whether everything is known before the run.</summary>
    public bool IsKnownBeforeRun { get; set; } = true;

    /// <summary>Adds what another expression reads.</summary>
    public void Add(ExpressionReads other)
    {
        Tasks.UnionWith(other.Tasks);
        Secrets.UnionWith(other.Secrets);
        Roots.UnionWith(other.Roots);
        LooksAtHost |= other.LooksAtHost;
        IsKnownBeforeRun &= other.IsKnownBeforeRun;
    }
}
