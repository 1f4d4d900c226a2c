namespace Osapi.Agent.Hosts.Processes;

/// <summary>A program to run.</summary>
/// <param name="Program">A path, or a name to be searched in <c>PATH</c>.</param>
/// <param name="Arguments">The arguments without the program's name.</param>
internal sealed record ProcessRequest(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The working directory; the agent's when null.</summary>
    public string? Directory { get; init; }

    /// <summary>The variables added to the agent's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>True when the output is that of the job, so that a large one goes to the job's spool.</summary>
    public bool IsOutputOfJob { get; init; }

    /// <summary>The standard input; empty when null.</summary>
    public string? Input { get; init; }
}
