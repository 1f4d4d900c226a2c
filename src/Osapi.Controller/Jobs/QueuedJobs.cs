using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Removes jobs from the work queue that are over and that no host took.</summary>
internal sealed class QueuedJobs(ITransport transport)
{
    private const int Page = 100;

    // A flooded queue must not keep a controller busy. What lies behind is removed by a host that takes it, or by its age.
    private const int MaxMessages = 10_000;

    /// <summary>Removes the messages of jobs, which are searched for once for all of them.</summary>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async Task RemoveAsync(IReadOnlySet<JobId> jobs, CancellationToken cancellationToken)
    {
        foreach (var subject in (string[])[Subjects.Any, Subjects.Quick])
        {
            List<long> found = [];
            long after = 0;
            for (var read = 0; read < MaxMessages && await transport.ReadAsync(StreamName.WorkQueue, subject, after, Page, cancellationToken) is { Count: > 0 } page; read += page.Count)
            {
                after = page[^1].Sequence;
                foreach (var message in page)
                    if (JobCommand.TryParse(message, out var command, out _) && jobs.Contains(command.JobId))
                        found.Add(message.Sequence);
            }

            if (found.Count > 0)
                await transport.RemoveAsync(StreamName.WorkQueue, found, cancellationToken);
        }
    }
}
