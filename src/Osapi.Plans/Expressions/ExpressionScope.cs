namespace Osapi.Plans.Expressions;

/// <summary>The names that an expression can read at its place in the file, with their types.</summary>
internal sealed record ExpressionScope
{
    /// <summary>Gets the roots by name, such as <c>vars</c>.</summary>
    public required IReadOnlyDictionary<string, ExpressionRoot> Roots { get; init; }

    /// <summary>
    /// Gets the tasks whose host <c>host_of</c> returns: by name, the reason that it cannot, null when it can. The default is none.
    /// </summary>
    public IReadOnlyDictionary<string, string?> HostOf { get; init; } = new Dictionary<string, string?>();
}

/// <summary>A name that an expression begins with.</summary>
/// <param name="Type">The type of its value.</param>
internal sealed record ExpressionRoot(ValueType Type)
{
    /// <summary>Gets a value that says whether the values are known before anything runs.</summary>
    public bool IsKnownBeforeRun { get; init; }

    /// <summary>Gets a value that says whether all of the values differ by host.</summary>
    public bool LooksAtHost { get; init; }

    /// <summary>Gets a value that says whether the members are secrets. They are read one by one, and never shown in messages.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Gets a value that says whether the members are variables of the environment, whose names are noted.</summary>
    public bool IsEnvironment { get; init; }

    /// <summary>Gets a value that says whether the members are the results of tasks. They are read one by one.</summary>
    public bool NamesTasks { get; init; }

    /// <summary>Gets the reason that the root cannot be read here, as a sentence for the author; null when it can.</summary>
    public string? Refusal { get; init; }
}
