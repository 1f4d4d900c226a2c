using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Cancels jobs: who has not started never will, who has is told to stop.</summary>
internal sealed class JobCancellation(ITransport transport)
{
    public async Task CancelAsync(ActiveJob job, CancellationToken cancellationToken)
    {
        var cancelled = JobJson.Bytes(new JobEvent { Kind = JobEventKind.Cancelled });
        foreach (var executor in job.Record.Executors)
        {
            var subject = Subjects.State(job.Record.Id, executor);
            if ((await transport.AppendAsync([new(StreamName.Jobs, subject, cancelled, ExpectedLast: 0)], cancellationToken)).Appended)
                continue;
            var last = await transport.LastAsync(StreamName.Jobs, subject, cancellationToken);
            if (last is not null && JobJson.Event(last.Payload) is { Kind: JobEventKind.Start, Host: { } host })
                await TellAsync(HostKey.Of(host), job.Record.Id, cancellationToken);
        }
    }

    private Task TellAsync(string hostKey, string jobId, CancellationToken cancellationToken)
    {
        var command = JobJson.Bytes(new JobCommand { Kind = CommandKind.Cancel, JobId = jobId });
        return transport.AppendAsync([new(StreamName.Commands, Subjects.Command(hostKey, jobId), command)], cancellationToken);
    }
}
