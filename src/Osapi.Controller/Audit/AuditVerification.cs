using Osapi.Operations.Audit;
using Osapi.Transport;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Audit;

/// <summary>Verifies the audit log in a controller's state directory.</summary>
public sealed class AuditVerification
{
    private readonly AuditFiles files;
    private readonly AuditKeys keys;

    internal AuditVerification(AuditFiles files, AuditKeys keys) => (this.files, this.keys) = (files, keys);

    /// <summary>Opens the audit log of a state directory, without writing; null when it has none.</summary>
    /// <param name="stateDirectory">The directory.</param>
    /// <param name="controllers">The controllers' keys, from which the keys of the log are derived.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AuditVerification? Open(string stateDirectory, ControllerKeyChain controllers)
    {
        ArgumentNullException.ThrowIfNull(controllers);
        return AuditFiles.Find(stateDirectory) is { } files ? new(files, AuditKeys.Load(files.Root, controllers)) : null;
    }

    /// <summary>Verifies all chains, and compares them with the heads that vouch for them.</summary>
    /// <param name="log">The log with the heads, opened as a controller; null when it cannot be read, so that a cut tail of the only chain is not found.</param>
    /// <param name="head">The head that a running controller knows; null when none runs.</param>
    /// <param name="cancellationToken">Ends the verification.</param>
    /// <exception cref="TransportException">The log cannot be read.</exception>
    public async Task<AuditVerdict> RunAsync(ITransport? log, AuditHead? head, CancellationToken cancellationToken)
    {
        List<AuditHead> heads = head is null ? [] : [head];
        if (log is not null)
            heads.AddRange(await HeadsAsync(log, cancellationToken));
        var verdict = new AuditVerifier(files, keys).Verify(heads, cancellationToken);
        // The retention may have removed files meanwhile.
        return verdict.ProblemCount == 0 || head is null ? verdict : new AuditVerifier(files, keys).Verify(heads, cancellationToken);
    }

    private async Task<IReadOnlyList<AuditHead>> HeadsAsync(ITransport log, CancellationToken cancellationToken)
    {
        List<AuditHead> heads = [];
        if (log.IsShared)
        {
            foreach (var chain in files.Chains())
                if (await AuditHeads.FindAsync(log, chain, keys, cancellationToken) is { } found)
                    heads.Add(found);
            return heads;
        }

        // The store of one controller has one message for each chain that it ever had: a chain whose files are gone is found.
        if ((await log.StateAsync(StreamName.Audit, cancellationToken)).LastSequence is not (> 0 and var end))
            return heads;
        await foreach (var message in log.FollowAsync(StreamName.Audit, AuditHeads.Prefix, after: 0, cancellationToken))
        {
            if (AuditHeads.HeadOf(message, keys) is { } head)
                heads.Add(head);
            if (message.Sequence >= end)
                break;
        }

        return heads;
    }
}
