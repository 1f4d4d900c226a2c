using Osapi.Controller.Agents;
using Osapi.Operations.Runs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Runs;

/// <summary>Tells whether the host of an owed step is still the machine that it was.</summary>
/// <remarks>A machine is known by its key. A host without one, as in a system that enrols nobody, is known by its name.</remarks>
internal sealed class OwedHosts(RosterReconciler roster)
{
    /// <summary>Adds the key of its host to a step that is recorded.</summary>
    public OwedStep WithKey(OwedStep step) => step with { HostKey = step.HostKey ?? KeyOf(step), HostReplaced = null };

    /// <summary>Says of a step whether its host was replaced.</summary>
    public OwedStep Checked(OwedStep step) => step with { HostReplaced = step.HostKey is { } then && KeyOf(step) is { } now && now != then ? true : null };

    private string? KeyOf(OwedStep step) => step.Host is { } host && roster.Keys.Find(HostKey.Of(host)) is { IsRevoked: false } enrolled ? enrolled.Key.Fingerprint : null;
}
