using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Agent.Registration;

/// <summary>The newest roster entry of this host.</summary>
/// <remarks>
/// Only an entry with a higher version changes it: a missing, older or invalid one does not make a drained host take
/// work, even while the roster is lost and written again. It also names the controllers' keys that this agent shall believe.
/// </remarks>
internal sealed partial class OwnRosterEntry(ITransport transport, AgentIdentity identity, AgentTrust? trust, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly AgentDrain Unknown = new(default, Reason: "the roster entry of this host is invalid");

    private readonly RetryLoop retry = new(time, RetryDelay);
    private long reported;

    /// <summary>The current entry; null when there is no valid one.</summary>
    public RosterEntry? Entry { get; private set; }

    /// <summary>The drain; null when the host is given work, or when that is not known yet.</summary>
    public AgentDrain? Drain { get; private set; }

    /// <summary>The version of the current entry.</summary>
    public long Version => Entry?.Version ?? 0;

    /// <summary>True when <see cref="Drain"/> is current: an entry was read, or a complete roster has none.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The fingerprints of the controllers' keys that this agent believes; null for one that is not enrolled.</summary>
    public IReadOnlyList<string>? AcceptedKeys => trust?.Controllers.Select(key => key.Fingerprint).ToList();

    /// <summary>Reads the roster, through interruptions.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => retry.RunAsync(() => TryRefreshAsync(cancellationToken), LogStoreUnavailable, cancellationToken);

    private async Task TryRefreshAsync(CancellationToken cancellationToken)
    {
        // The marker first: entries written before it exist when the marker does.
        var isWritten = IsComplete || !transport.IsShared || Roster.TryReadIndex(await transport.Roster.GetAsync(Roster.IndexKey, cancellationToken)) is not null;
        var found = await transport.Roster.GetAsync(identity.Key, cancellationToken);
        if (Roster.TryRead(found) is { } entry)
        {
            if (entry.Version > Version)
                (Entry, Drain) = (entry, entry.Drain);
            // Anybody may have written what is not signed.
            if (entry.Version == Version && found!.Signer.IsControllers)
                Trust(entry.Controllers);
            IsComplete = true;
        }
        else if (found is { Value.IsEmpty: false })
        {
            Report(found);
            IsComplete |= Entry is not null;
            Drain = Entry is null ? Unknown : Drain;
        }
        else
        {
            if (Entry is null && isWritten)
                Drain = null;
            IsComplete |= isWritten;
        }
    }

    private void Trust(IReadOnlyList<string>? controllers)
    {
        try
        {
            if (trust?.Accept(controllers) != true)
                return;
            var accepted = string.Join(" and ", AcceptedKeys!);
            LogTrust(accepted);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next reading tries again.
            LogNotSaved(exception.Message);
        }
    }

    private void Report(KeyValue found)
    {
        if (found.Revision != reported)
            LogInvalidEntry(found.Key, found.Revision);
        reported = found.Revision;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The roster entry of this host cannot be read, trying again: {Reason}")]
    private partial void LogStoreUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Trusts controllers with the key {Controllers} from now on")]
    private partial void LogTrust(string controllers);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed keys of the controllers cannot be saved, and are not used: {Reason}")]
    private partial void LogNotSaved(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Skipped the invalid roster entry {Key} at {Revision}: the host stays as it was, or takes no work from the queue")]
    private partial void LogInvalidEntry(string key, long revision);
}
