namespace Osapi.Plans.Expressions;

/// <summary>The names that an expression reads, and when and where their values are known.</summary>
internal sealed class ExpressionReads
{
    /// <summary>Gets the tasks whose results or hosts are read.</summary>
    public SortedSet<string> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the secrets that are read.</summary>
    public SortedSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the variables of the environment that are read by their names.</summary>
    public SortedSet<string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets a value that says whether the environment is read by a computed name.</summary>
    public bool ReadsAnyEnvironment { get; set; }

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
        Environment.UnionWith(other.Environment);
        ReadsAnyEnvironment |= other.ReadsAnyEnvironment;
        Roots.UnionWith(other.Roots);
        LooksAtHost |= other.LooksAtHost;
        IsKnownBeforeRun &= other.IsKnownBeforeRun;
    }
}
