namespace Osapi.Agent.Hosts.Processes;

/// <summary>A program to run.</summary>
/// <param name="Program">A path, or a name to be looked up in <c>PATH</c>.</param>
/// <param name="Arguments">Its arguments without its own name.</param>
internal sealed record ProcessRequest(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The directory it runs in; the agent's own when null.</summary>
    public string? Directory { get; init; }

    /// <summary>Variables on top of the agent's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Its standard input; empty when null.</summary>
    public string? Input { get; init; }
}
