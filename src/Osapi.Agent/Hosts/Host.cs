namespace Osapi.Agent.Hosts;

/// <summary>The machine that handlers look at and act on. Nothing outside this folder reads /proc or /etc or starts a process.</summary>
public sealed class Host
{
    /// <summary>The agent's name: what targets and answers call this host.</summary>
    public required string Name { get; init; }

    /// <summary>The agent's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the machine's file tree begins: <c>/</c>, or a prepared tree in a test.</summary>
    public string Root { get; init; } = "/";

    /// <summary>The time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
