using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// The newest that this agent knows of what operators say of its host. Only an entry with a higher version changes it: one that is
/// missing, older or not understood does not make a drained host take work, also while the roster is lost and written again.
/// </summary>
internal sealed partial class OwnRosterEntry(ITransport transport, AgentIdentity identity, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly AgentDrain Unknown = new(default, Reason: "what operators say of this host is not understood");

    private readonly RetryLoop retry = new(time, RetryDelay);
    private long reported;

    /// <summary>The entry that counts; null when there is none that is understood.</summary>
    public RosterEntry? Entry { get; private set; }

    /// <summary>That the host is given no work; null when it is, or when that is not known yet.</summary>
    public AgentDrain? Drain { get; private set; }

    /// <summary>The version of the entry that counts.</summary>
    public long Version => Entry?.Version ?? 0;

    /// <summary>True when <see cref="Drain"/> is what operators say: an entry was read, or there is none in a roster that is complete.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Looks at the roster, through interruptions.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => retry.RunAsync(() => TryRefreshAsync(cancellationToken), LogNoStore, cancellationToken);

    private async Task TryRefreshAsync(CancellationToken cancellationToken)
    {
        // The mark first: what was written before it is there when the mark is.
        var isWritten = IsComplete || !transport.IsShared || Roster.TryReadIndex(await transport.Roster.GetAsync(Roster.IndexKey, cancellationToken)) is not null;
        var found = await transport.Roster.GetAsync(identity.Key, cancellationToken);
        if (Roster.TryRead(found) is { } entry)
        {
            if (entry.Version > Version)
                (Entry, Drain) = (entry, entry.Drain);
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

    private void Report(KeyValue found)
    {
        if (found.Revision != reported)
            LogNotUnderstood(found.Key, found.Revision);
        reported = found.Revision;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What operators say of this host cannot be read, trying again: {Reason}")]
    private partial void LogNoStore(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The roster's entry {Key} at {Revision} is not understood and is passed over: the host stays as it was, or takes no work from the queue")]
    private partial void LogNotUnderstood(string key, long revision);
}
