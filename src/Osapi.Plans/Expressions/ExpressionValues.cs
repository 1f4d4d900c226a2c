namespace Osapi.Plans.Expressions;

/// <summary>The values that an expression reads. A root is made when it is first read.</summary>
internal sealed class ExpressionValues
{
    private readonly Dictionary<string, Lazy<object?>> roots = [];
    private readonly Func<string, string> hostOf;

    /// <summary>Creates the values.</summary>
    /// <param name="hostOf">Returns the host of a task of one cell.</param>
    public ExpressionValues(Func<string, string>? hostOf = null) =>
        this.hostOf = hostOf ?? (static _ => throw new ValueException("the task has no host here"));

    /// <summary>Adds a root: a <see cref="System.Text.Json.Nodes.JsonNode"/> (null for JSON null), or a <see cref="MapValue"/>.</summary>
    public ExpressionValues Add(string root, Func<object?> value)
    {
        roots[root] = new(value);
        return this;
    }

    internal object? Root(string name) => roots.TryGetValue(name, out var value) ? value.Value : throw new ValueException($"'{name}' has no value here");

    internal string HostOf(string task) => hostOf(task);
}
