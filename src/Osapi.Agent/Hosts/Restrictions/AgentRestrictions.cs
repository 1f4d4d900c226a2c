using Osapi.Operations;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>
/// The operations, commands, paths, users and images to which the agent's own configuration limits it, whatever a controller
/// sends.
/// </summary>
/// <remarks>A denied item is denied even when it is allowed too. Where an allow list is given, what it does not list is denied.</remarks>
public sealed record AgentRestrictions
{
    /// <summary>The allow lists; default: everything is allowed.</summary>
    public RestrictionLists Allow { get; init; } = new();

    /// <summary>The deny lists; default: nothing is denied.</summary>
    public RestrictionLists Deny { get; init; } = new();

    /// <summary>Gets the reason for which the agent denies an operation; null when it is allowed.</summary>
    internal string? DenialOf(string operation) =>
        Deny.Operations?.FirstOrDefault(pattern => Matches(pattern, operation)) is { } denied ? $"agent.deny.operations lists {denied}"
        : Allow.Operations is { } allowed && !allowed.Any(pattern => Matches(pattern, operation)) ? $"agent.allow.operations does not list {operation}"
        : PackageRestriction.DenialOf(this, operation) ?? AccountRestriction.DenialOf(this, operation);

    /// <summary>Creates the error for something that the configuration denies.</summary>
    internal static OperationException Denied(string reason) => new(ErrorType.Denied, $"denied by the agent's configuration: {reason}");

    /// <summary>Decides whether a pattern of operations covers an operation.</summary>
    internal static bool Matches(string pattern, string operation) =>
        pattern.EndsWith('*') ? operation.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == operation;
}
