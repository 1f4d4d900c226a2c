using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// What an agent does before it takes new work: it tells what its ledger knows of work that an earlier run took. It
/// runs nothing that may have run.
/// </summary>
internal sealed class Recovery(ITransport transport, Ledger ledger, StateWriter states, AgentIdentity identity)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var job in ledger.Open)
        {
            if (job.Phase == LedgerPhase.Intent)
                await SettleIntentAsync(job, cancellationToken);
            else
                await TellAsync(job, job.StartSequence, job.Phase == LedgerPhase.Finished ? job.Entry!.Value : Unknown(), cancellationToken);
        }
    }

    // The intent was written before the start was tried. If the start stands in the log, the job is this agent's and
    // provably never ran; its command is gone with the queue's message, so it ends here.
    private async Task SettleIntentAsync(LedgerJob job, CancellationToken cancellationToken)
    {
        var last = await transport.LastAsync(StreamName.Jobs, Subjects.State(job.JobId, HostKey.Any), cancellationToken);
        if (last is not null && JobJson.Event(last.Payload) is { Kind: JobEventKind.Start } start && start.Ledger == identity.Ledger)
            await TellAsync(job with { Executor = HostKey.Any }, last.Sequence, NeverRan(), cancellationToken);
        else
            ledger.Forget(job.JobId);
    }

    private async Task TellAsync(LedgerJob job, long startSequence, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken)
    {
        var fin = await JobEntries.FinAsync(transport, identity.Start, job.JobId, job.Executor, entry, cancellationToken);
        await states.EndAsync(job.JobId, job.Executor, fin, startSequence, cancellationToken);
        ledger.Published(job.JobId);
    }

    private ReadOnlyMemory<byte> Unknown() => JobEntries.Bytes(new()
    {
        Hostname = identity.Hostname,
        Outcome = Outcome.Unknown,
        Error = "the agent stopped while it ran; whether it finished cannot be known, and it is not run again",
        ErrorType = ErrorType.Unknown,
    });

    private ReadOnlyMemory<byte> NeverRan() => JobEntries.Bytes(new()
    {
        Hostname = identity.Hostname,
        Outcome = Outcome.Expired,
        Error = "the agent stopped after it took the job and before it ran it",
        ErrorType = ErrorType.Expired,
    });
}
