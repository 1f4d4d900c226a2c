namespace Osapi.Controller.Tests;

/// <summary>The setup of a class of tests: the options of its controller, and the agents that have registered.</summary>
internal sealed record ControllerSetup
{
    public Func<ControllerOptions, ControllerOptions>? Options { get; init; }

    /// <summary>True when the controller's connection to its store can be broken by the test.</summary>
    public bool HasBreakableConnection { get; init; }

    /// <summary>The agents, in the order of their registration.</summary>
    public IReadOnlyList<AgentSetup> Agents { get; init; } = [];
}

/// <summary>An agent of a setup: it does nothing by itself, or answers every job.</summary>
internal sealed record AgentSetup(string Name, string? Group = null, bool AnswersOk = false);
