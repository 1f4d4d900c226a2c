using Osapi.Operations;

namespace Osapi.Agent.Hosts.Identity;

/// <summary>Which names an agent can have: those that a target can say.</summary>
internal static class AgentNameRules
{
    /// <summary>The name that an agent was given, or the machine's.</summary>
    /// <exception cref="ArgumentException">No target could name it.</exception>
    /// <exception cref="OperationException">The machine's own name is none that a target could say; the message says what to do.</exception>
    public static string Of(string? given, Func<string> machineName)
    {
        if (given is not null)
            return Problem(given) is { } wrong ? throw new ArgumentException($"The agent's name cannot be used: {wrong}", nameof(given)) : given;
        var name = machineName();
        return Problem(name) is { } problem
            ? throw new OperationException(ErrorType.Invalid, $"this machine's host name cannot be the agent's name: {problem}; set agent.hostname (OSAPI_AGENT_HOSTNAME), or rename the machine")
            : name;
    }

    // One rule for both sides: a name is right when it is the target that names one host.
    private static string? Problem(string name) => (Target.TryParse(name, out var target, out var problem), target?.Kind) switch
    {
        (true, TargetKind.Host) => null,
        _ when name.Length == 0 => "it is empty",
        (false, _) => problem!.Replace("target ", "", StringComparison.Ordinal),
        _ => $"'{name}' means other hosts as a target",
    };
}
