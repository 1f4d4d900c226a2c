using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Cancels jobs: executors that have not started never start, and running ones receive the request to stop.</summary>
internal sealed class JobCancellation(ITransport transport)
{
    private static readonly JobEvent Cancelled = new() { Kind = JobEventKind.Cancelled };

    public Task CancelAsync(ActiveJob job, CancellationToken cancellationToken) =>
        Task.WhenAll(job.Record.Executors.Select(executor => CancelAsync(job.FoldOf(executor), cancellationToken)));

    private async Task CancelAsync(ExecutorFold known, CancellationToken cancellationToken)
    {
        ExecutorLog states = new(transport, known);
        if (await states.AppendAsync(Cancelled, condition: null, cancellationToken))
            return;
        // A host that was marked lost may only have been silent, and still be running.
        if (states.Fold.State?.Event is { Kind: JobEventKind.Start or JobEventKind.Lost, Host: { } host })
            await PublishAsync(HostKey.Of(host), known.JobId, cancellationToken);
    }

    private Task PublishAsync(string hostKey, JobId jobId, CancellationToken cancellationToken)
    {
        var command = JobJson.Bytes(new JobCommand { Kind = CommandKind.Cancel, JobId = jobId });
        return transport.AppendAsync([new(StreamName.Commands, Subjects.Command(hostKey, jobId), command)], cancellationToken);
    }
}
