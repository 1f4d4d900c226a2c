using Osapi.Operations;

namespace Osapi.Agent.Hosts.Identity;

/// <summary>The rules for agent names: those that a target can name.</summary>
internal static class AgentNameRules
{
    /// <summary>Gets the configured name, or else the machine's.</summary>
    /// <exception cref="ArgumentException">No target could name it.</exception>
    /// <exception cref="OperationException">No target could name the machine; the message explains what to do.</exception>
    public static string Of(string? given, Func<string> machineName)
    {
        if (given is not null)
            return Problem(given) is { } wrong ? throw new ArgumentException($"The agent's name cannot be used: {wrong}", nameof(given)) : given;
        var name = machineName();
        return Problem(name) is { } problem
            ? throw new OperationException(ErrorType.Invalid, $"this machine's host name cannot be the agent's name: {problem}; set agent.hostname (OSAPI_AGENT_HOSTNAME), or rename the machine")
            : name;
    }

    // One rule for both sides: a valid name is a target that names one host.
    private static string? Problem(string name) => (Target.TryParse(name, out var target, out var problem), target?.Kind) switch
    {
        (true, TargetKind.Host) => null,
        _ when name.Length == 0 => "it is empty",
        (false, _) => problem!.Replace("target ", "", StringComparison.Ordinal),
        _ => $"'{name}' selects other hosts as a target",
    };
}
