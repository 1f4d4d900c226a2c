using System.Runtime.CompilerServices;
using System.Text;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The job does not exist, or it was deleted before its end was received.</exception>
    /// <exception cref="ConnectionException">The controller cannot be reached: thrown at once for the first connection, after one minute of retries later.</exception>
    public IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, CancellationToken cancellationToken) => WatchAsync(id, after, withReplies: false, cancellationToken);

    private async IAsyncEnumerable<JobUpdate> WatchAsync(JobId? id, long? after, bool withReplies, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = id is null ? "job/events" : $"job/{id}/events{(withReplies ? "?replies=true" : "")}";
        await foreach (var sent in FollowEventsAsync(path, after, ReconnectTimeout, cancellationToken).ConfigureAwait(false))
            // Unknown events of a newer controller are ignored.
            if (JobUpdate.Read(Encoding.UTF8.GetBytes(sent.Text)) is { } update)
                yield return update;
    }
}
