using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Cancels jobs: who has not started never will, who has is told to stop.</summary>
internal sealed class JobCancellation(ITransport transport)
{
    public Task CancelAsync(ActiveJob job, CancellationToken cancellationToken) =>
        Task.WhenAll(job.Record.Executors.Select(executor => CancelAsync(job.Record.Id, executor, cancellationToken)));

    private async Task CancelAsync(string jobId, string executor, CancellationToken cancellationToken)
    {
        var cancelled = JobJson.Bytes(new JobEvent { Kind = JobEventKind.Cancelled });
        var subject = Subjects.State(jobId, executor);
        if ((await transport.AppendAsync([new(StreamName.Jobs, subject, cancelled, ExpectedLast: 0)], cancellationToken)).Appended)
            return;
        // A host that was given up for lost may only have been silent, and still be at it.
        var last = await transport.LastAsync(StreamName.Jobs, subject, cancellationToken);
        if (last is not null && JobJson.Event(last.Payload) is { Kind: JobEventKind.Start or JobEventKind.Lost, Host: { } host })
            await TellAsync(HostKey.Of(host), jobId, cancellationToken);
    }

    private Task TellAsync(string hostKey, string jobId, CancellationToken cancellationToken)
    {
        var command = JobJson.Bytes(new JobCommand { Kind = CommandKind.Cancel, JobId = jobId });
        return transport.AppendAsync([new(StreamName.Commands, Subjects.Command(hostKey, jobId), command)], cancellationToken);
    }
}
