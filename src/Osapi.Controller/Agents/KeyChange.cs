using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Agents;

/// <summary>The change of the controllers' keys, as far as the roster tells it to the agents.</summary>
internal sealed partial class KeyChange(ControllerKeyChain keys, ILogger<KeyChange> logger)
{
    private readonly List<string> accepted = [.. keys.Accepted.Select(key => key.ToString())];
    private bool isBehind;

    /// <summary>The fingerprint of the keys that this controller writes with.</summary>
    public string Present => keys.Present.Public.Fingerprint;

    /// <summary>The fingerprints of the keys that an agent should believe.</summary>
    public IReadOnlyList<string> Accepted { get; } = [.. keys.Accepted.Select(key => key.Fingerprint)];

    /// <summary>Checks that a store whose roster names a key belongs to this controller as well, because it has that key.</summary>
    public bool Knows(string fingerprint) => Accepted.Contains(fingerprint);

    /// <summary>Follows the key that the roster names. Where another controller has switched already, this one still works, and writes roster entries that name the next key first, like the other.</summary>
    public void Follow(string fingerprint)
    {
        if (isBehind || fingerprint != keys.Next?.Public.Fingerprint)
            return;
        isBehind = true;
        // Otherwise a host that is enrolled here would not know the key after the previous one is retired.
        accepted.Reverse();
        LogBehind(fingerprint);
    }

    /// <summary>True when the roster should name the present key instead of this one.</summary>
    public bool Replaces(string fingerprint) => fingerprint == keys.Previous?.Public.Fingerprint;

    /// <summary>Returns an entry with the keys that agents should believe; the same one when it has them. All entries have them, so that each is written with the present key.</summary>
    public RosterEntry Stamp(RosterEntry entry) =>
        (entry.Controllers is null && accepted.Count == 1) || entry.Controllers?.SequenceEqual(accepted) == true ? entry : entry with { Controllers = accepted };

    /// <summary>Describes the keys that an agent does not believe yet, or still believes; null when there are none.</summary>
    public string? DifferenceOf(AgentInfo agent)
    {
        var known = agent.ControllerKeys ?? [keys.Present.Public.Fingerprint];
        return Accepted.Except(known).FirstOrDefault() is { } missing ? $"the agent does not believe the controllers' key {missing} yet"
            : known.Except(Accepted).FirstOrDefault() is { } retired ? $"the agent still believes the key {retired}, which these controllers do not have"
            : null;
    }

    /// <summary>Seals the stored files again after a switch, so that they stay readable when the previous key is retired.</summary>
    public async Task ResealFilesAsync(ITransport transport, CancellationToken cancellationToken)
    {
        if (keys.Previous is not null && transport is TrustedTransport trusted && await trusted.ResealFilesAsync(cancellationToken) is > 0 and var count)
            LogResealed(count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sealed the descriptions of {Count} stored files with the present key")]
    private partial void LogResealed(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Other controllers use the next key {Fingerprint} already: run osapi controller key switch here, and start this controller again")]
    private partial void LogBehind(string fingerprint);
}
